import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const PROGRAM = fileURLToPath(new URL('../../../contract/build/schema.ts', import.meta.url));

let out: string;
beforeEach(async () => {
  out = await mkdtemp(join(tmpdir(), 'schema-'));
});
afterEach(() => rm(out, { recursive: true }));

function run(...args: readonly string[]) {
  return new Promise<{ code: number; stderr: string }>((resolve) => {
    const child = execFile(process.execPath, [PROGRAM, ...args], (_error, _stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stderr }),
    );
  });
}

describe('npm run schema', () => {
  it('finds the files of this repository fresh: run it when this fails, and commit what it writes', async () => {
    expect(await run('--check')).toEqual({ code: 0, stderr: '' });
  });

  it('with --check refuses a stale file by its name and writes nothing; without, it writes it', async () => {
    await run('--out', out);
    const file = join(out, 'asyncapi.yaml');
    const fresh = await readFile(file, 'utf8');
    await writeFile(file, 'stale');

    const check = await run('--check', '--out', out);
    expect(check.code).toBe(1);
    expect(check.stderr).toBe('asyncapi.yaml is stale: run "npm run schema" and commit what it writes\n');
    expect(await readFile(file, 'utf8')).toBe('stale');

    expect((await run('--out', out)).code).toBe(0);
    expect(await readFile(file, 'utf8')).toBe(fresh);
  });

  it('with --check refuses a file that is missing', async () => {
    const { code, stderr } = await run('--check', '--out', join(out, 'none'));
    expect(code).toBe(1);
    expect(stderr).toContain('user-status-created.schema.json is stale');
  });
});
