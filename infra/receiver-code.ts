import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { RECEIVER_SOURCE, writeReceiver } from './bundling.ts';

/** The receiver's code: bundled when the app is synthesized; in the npm package, as it was built. */
export function receiverCode(): Code {
  return Code.fromAsset(RECEIVER_SOURCE, {
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      local: {
        tryBundle(directory) {
          writeReceiver(directory);
          makeReadable(directory);
          return true;
        },
      },
      // Asked for, and never used: nothing here needs Docker.
      image: DockerImage.fromRegistry('scratch'),
    },
  });
}

// The zip keeps the modes of the files, and Lambda reads them as another user: with a umask of 077 it couldn't.
function makeReadable(directory: string): void {
  chmodSync(directory, 0o755);
  for (const file of readdirSync(directory)) chmodSync(join(directory, file), 0o644);
}
