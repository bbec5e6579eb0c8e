import { chmodSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AssetHashType, DockerImage } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { RECEIVER_SOURCE, writeReceiver } from './bundling.ts';

/** The receiver's code. It is bundled when the app is synthesized; the npm package contains it already built. */
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
      // The type requires an image. It is never used, because tryBundle always succeeds.
      image: DockerImage.fromRegistry('scratch'),
    },
  });
}

// The zip keeps the files' modes, and Lambda reads them as another user. With a umask of 077 it could not read them.
function makeReadable(directory: string): void {
  chmodSync(directory, 0o755);
  for (const file of readdirSync(directory)) chmodSync(join(directory, file), 0o644);
}
