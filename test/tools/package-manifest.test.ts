import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../../tools/package-manifest.ts', import.meta.url));
const MANIFEST = `${JSON.stringify({
  name: 'n',
  dependencies: { valibot: '1' },
  devDependencies: { a: '1' },
  optionalDependencies: { b: '1' },
})}\n`;

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'manifest-'));
  await writeFile(join(directory, 'package.json'), MANIFEST);
});
afterEach(() => rm(directory, { recursive: true }));

const step = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [PROGRAM, ...args], { cwd: directory });
const manifest = () => readFile(join(directory, 'package.json'), 'utf8');

describe("the package's manifest", () => {
  it('has the dependencies that run, and none of those that build', async () => {
    await step('trim');
    expect(JSON.parse(await manifest())).toEqual({ name: 'n', dependencies: { valibot: '1' } });
  });

  it('is the same as before, byte for byte, when it is restored', async () => {
    await step('trim');
    await step('restore');
    expect(await manifest()).toBe(MANIFEST);
    expect(await readdir(directory)).toEqual(['package.json']);
  });

  it('is not lost when a run was interrupted after trimming', async () => {
    await step('trim');
    await step('trim');
    await step('restore');
    expect(await manifest()).toBe(MANIFEST);
  });

  it('stays as it is when there is nothing to restore', async () => {
    await step('restore');
    expect(await manifest()).toBe(MANIFEST);
  });

  it('is left alone by a word that is no step', async () => {
    await expect(step('x')).rejects.toThrow('expected trim or restore, got x; run "npm pack"');
    expect(await manifest()).toBe(MANIFEST);
  });
});
