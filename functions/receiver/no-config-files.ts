/**
 * Takes the place of `node:fs/promises` in the bundle, where the SDK reads `~/.aws/config` and `~/.aws/credentials` with
 * it. Lambda has neither, and the real module takes time of a cold start.
 * @throws Error always, as if there were no such file.
 */
export async function readFile(path: string): Promise<never> {
  throw Object.assign(new Error(`Expected no file to be read, got ${path}. The bundle reads none.`), {
    code: 'ENOENT',
  });
}
