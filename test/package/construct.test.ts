import { chmod, copyFile, glob, mkdtemp, readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, Stack } from 'aws-cdk-lib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { Receiver } from '../../infra/receiver.ts';
import { findNode20, installPackage, type Project } from './project.ts';

const APP = fileURLToPath(new URL('cdk-app.ts', import.meta.url));
const PEERS = ['aws-cdk-lib', 'constructs'];
// npm, tsc and CDK, each in a process of its own: minutes on a machine that is busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const node20 = findNode20();
const where = node20 === undefined ? ' (there is no Node 20 here to run it on)' : ' on Node 20';

let project: Project;
/** What the construct of this repository makes in the same app. */
let here: Awaited<ReturnType<typeof read>>;
beforeAll(async () => {
  project = await installPackage('infra', [...PEERS, '@types/node', 'undici-types']);
  await copyFile(APP, join(project.directory, 'app.mts'));
  await copyFile(APP, join(project.directory, 'app.cts'));
  await project.compile('nodenext', 'app.mts', 'app.cts');
  // As npm leaves them for somebody with a umask of 077; Lambda reads them as another user.
  for await (const file of glob(join(project.installed, 'dist/function/*'))) await chmod(file, 0o600);

  const app = new App({ analyticsReporting: false, outdir: join(project.directory, 'here') });
  const stack = new Stack(app, 'Theirs');
  const props = { retain: true, alarms: { email: 'you@example.com' }, allowedSources: ['veriff-eu'] };
  new Receiver(stack, 'Statuses', props).addOutputs();
  app.synth();
  here = await read(app.outdir);
});
afterAll(() => project.remove());

describe('the package of the construct', () => {
  it('brings valibot, asks for aws-cdk-lib and constructs, and needs nothing else', async () => {
    const manifest = JSON.parse(await readFile(join(project.installed, 'package.json'), 'utf8'));
    expect(Object.keys(manifest.dependencies)).toEqual(['valibot']);
    expect(Object.keys(manifest.peerDependencies)).toEqual(PEERS);
    expect(manifest).not.toHaveProperty('optionalDependencies');
    const code = await readFile(join(project.installed, 'dist/receiver.js'), 'utf8');
    const packages = [...code.matchAll(/require\("(?!node:)([^/"]+)/g)].map(([, name]) => name);
    expect([...new Set(packages)].sort()).toEqual([...PEERS, 'valibot']);
  });

  it('holds the construct, its types and the built function', async () => {
    const files = await readdir(project.installed, { recursive: true, withFileTypes: true });
    const paths = files
      .filter((file) => file.isFile())
      .map((file) => join(file.parentPath, file.name).slice(project.installed.length + 1));
    expect(paths.sort()).toEqual([
      'LICENSE',
      'README.md',
      'dist/function/index.mjs',
      'dist/function/receiver.cjs',
      'dist/package.json',
      'dist/receiver.js',
      'dist/types/infra/option-groups.d.ts',
      'dist/types/infra/options.d.ts',
      'dist/types/infra/receiver.d.ts',
      'package.json',
    ]);
  });

  it('leaves the working tree as it was when it is packed', () => {
    expect(project.changedByPacking).toBe('');
  });

  it('type-checks with node16 as an ES module and as CommonJS, where a misspelled option does not compile', () =>
    project.compile('node16', 'app.mts', 'app.cts'));

  it('makes the same template and ships the same function as here, from an ES module', async () => {
    expect(await synthesized('app.mjs', process.execPath)).toEqual(here);
  });

  it(`makes the same template and ships the same function as here, from CommonJS${where}`, async () => {
    expect(await synthesized('app.cjs', node20 ?? process.execPath)).toEqual(here);
  });
});

async function synthesized(program: string, node: string) {
  const CDK_OUTDIR = await mkdtemp(join(project.directory, 'out-'));
  await project.run(`out/${program}`, { node, env: { CDK_OUTDIR } });
  return read(CDK_OUTDIR);
}

/** The template with the hash of its asset, and the bytes and the mode of each of the asset's files. */
async function read(outdir: string) {
  const template = JSON.parse(await readFile(join(outdir, 'Theirs.template.json'), 'utf8'));
  const files: Record<string, unknown> = {};
  for await (const file of glob(join(outdir, 'asset.*/*'))) {
    files[basename(file)] = {
      mode: ((await stat(file)).mode & 0o777).toString(8),
      text: await readFile(file, 'utf8'),
    };
  }
  return { template, files };
}
