import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What an operator can set to make the function say more, and Node.js of what it does for it. */
const VARIABLES = {
  AWS_LAMBDA_LOG_LEVEL: 'TRACE',
  NODE_DEBUG: 'http,https,net,tls,stream',
};

/** A copy of an assembly whose function is told to log all that it can. */
export async function talkative(assemblyDir: string) {
  const directory = await mkdtemp(join(tmpdir(), 'talkative-'));
  await cp(assemblyDir, directory, { recursive: true });
  for (const name of await readdir(directory)) {
    if (!name.endsWith('.template.json')) continue;
    const template = JSON.parse(await readFile(join(directory, name), 'utf8'));
    for (const { Type, Properties } of Object.values<{ Type: string; Properties: Function }>(
      template.Resources,
    )) {
      if (Type === 'AWS::Lambda::Function') Object.assign(Properties.Environment.Variables, VARIABLES);
    }
    await writeFile(join(directory, name), JSON.stringify(template));
  }
  return { directory, remove: () => rm(directory, { recursive: true }) };
}

interface Function {
  readonly Environment: { readonly Variables: Record<string, unknown> };
}
