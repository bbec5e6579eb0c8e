/**
 * Replaces `node:fs/promises` in the bundle, because loading the real module makes a cold start slower. The SDK uses it
 * only to read `~/.aws/config` and `~/.aws/credentials`, which do not exist in Lambda.
 * @throws Error always, with the code of a missing file.
 */
export async function readFile(path: string): Promise<never> {
  throw Object.assign(new Error(`Expected no file to be read, got ${path}. The bundle reads none.`), {
    code: 'ENOENT',
  });
}
