import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { veriffSample } from '../support/samples.ts';
import { findNode20, installPackage, type Project } from './project.ts';

const PROGRAM = fileURLToPath(new URL('subscriber.ts', import.meta.url));
const PRINTED = {
  code: 'confirmed_fraud',
  sameId: true,
  keepsUnknown: true,
  misspelled: [null, null, null],
  wrong: 'session',
  refusesPayload: true,
  refusesAnswer: true,
  compares: true,
  nanoseconds: '1795773600000001000',
};
// npm, tsc and CDK, each in a process of its own: minutes on a machine that is busy.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 });

const node20 = findNode20();
const why = node20 === undefined ? ' (skipped: there is no Node 20 here)' : '';

let project: Project;
beforeAll(async () => {
  project = await installPackage('contract');
});
afterAll(() => project.remove());

describe('the package for subscribers', () => {
  it('pulls in valibot and nothing else', async () => {
    const found = await readdir(join(project.directory, 'node_modules'));
    expect(found.filter((name) => !name.startsWith('.')).sort()).toEqual([
      'valibot',
      'veriff-status-receiver',
    ]);
    const manifest = JSON.parse(await readFile(join(project.installed, 'package.json'), 'utf8'));
    expect(manifest.dependencies).toEqual({ valibot: expect.any(String) });
    expect(manifest).not.toHaveProperty('peerDependencies');
    expect(manifest).not.toHaveProperty('optionalDependencies');
  });

  it('holds the contract and none of the receiver', async () => {
    const files = await readdir(project.installed);
    expect(files.sort()).toEqual(['LICENSE', 'README.md', 'dist', 'package.json', 'samples', 'schema']);
    const modules = 'depth event fields message other-webhooks parse-message subscriber time'.split(' ');
    for (const system of ['esm', 'cjs']) {
      const found = await readdir(join(project.installed, 'dist', system));
      expect(found.filter((file) => file !== 'package.json').sort()).toEqual(
        modules.flatMap((name) => [`${name}.d.ts`, `${name}.js`]),
      );
    }
  });

  it('leaves the working tree as it was when it is packed', () => {
    expect(project.changedByPacking).toBe('');
  });

  it.each(['nodenext', 'node16'])(
    'type-checks with %s as an ES module and as CommonJS, where a misspelled property does not compile, and works',
    async (module) => {
      await copyFile(PROGRAM, join(project.directory, 'main.mts'));
      await copyFile(PROGRAM, join(project.directory, 'main.cts'));
      await project.compile(module, 'main.mts', 'main.cts');
      expect(JSON.parse(await project.run('out/main.mjs'))).toEqual(PRINTED);
      expect(JSON.parse(await project.run('out/main.cjs'))).toEqual(PRINTED);
    },
  );

  it.skipIf(node20 === undefined)(`works on Node 20${why}`, async () => {
    const parse = `console.log(parseUserStatusMessage(${JSON.stringify({ Body: veriffSample.body })}).eventId);`;
    const programs = {
      'main.mjs': `import { parseUserStatusMessage } from 'veriff-status-receiver'; ${parse}`,
      'main.cjs': `const { parseUserStatusMessage } = require('veriff-status-receiver'); ${parse}`,
    };
    for (const [file, text] of Object.entries(programs)) {
      await writeFile(join(project.directory, file), text);
      expect(await project.run(file, { node: node20 })).toMatch(/^[0-9a-f]{64}\n$/);
    }
  });

  it('offers the JSON Schema, the AsyncAPI document and the samples by path', async () => {
    const paths = [
      'schema/user-status-created.schema.json',
      'asyncapi.yaml',
      'samples/user-status-created.json',
      'samples/invalid/data-missing.json',
    ];
    await writeFile(
      join(project.directory, 'paths.cjs'),
      `for (const path of ${JSON.stringify(paths)}) require.resolve('veriff-status-receiver/' + path);
      console.log(require('veriff-status-receiver/schema/user-status-created.schema.json').title);`,
    );
    expect(await project.run('paths.cjs')).toBe('user-status.created\n');
  });
});
