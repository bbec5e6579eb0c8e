import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundle } from '../../../infra/bundling.ts';

let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'start-'));
  const handler = join(directory, 'handler.ts');
  const uncalled = Array.from({ length: 2000 }, (_, index) => `() => ${index}`);
  await writeFile(
    handler,
    `import { basename } from 'node:path';
     export const uncalled = () => [${uncalled}];
     let isReady = false;
     export const ready = new Promise((resolve) => setTimeout(resolve, 50)).then(() => { isReady = true; });
     export const handler = async () => [basename('a/b'), typeof (await import('node:http')).request, isReady];`,
  );
  bundle(handler, directory);
});
afterAll(() => rm(directory, { recursive: true }));

/** What a program that has loaded the bundle prints. */
function run(flags: readonly string[], program: string): unknown {
  const script = `import v8 from 'node:v8';
    const load = (file) => import(new URL(file, ${JSON.stringify(pathToFileURL(`${directory}/`).href)}));
    console.log(JSON.stringify(await (async () => { ${program} })()));`;
  const { stdout, stderr } = spawnSync(process.execPath, [...flags, '--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

test('starts a handler that may require and import, when it is ready', () => {
  const answer = run([], "return (await load('index.mjs')).handler()");
  expect(answer).toEqual(['b', 'function', true]);
});

test('compiles what is not called yet, too', () => {
  const size = (file: string) =>
    Number(run([], `await load('${file}'); return v8.getHeapCodeStatistics().bytecode_and_metadata_size`));
  expect(size('index.mjs') - size('receiver.cjs')).toBeGreaterThan(2000 * 50);
});

test('leaves V8 with no flag of its own, nor with the one of Lambda: Node.js finds its code cache again', () => {
  const tag = 'return v8.cachedDataVersionTag()';
  const without = run([], tag);
  expect(run(['--expose-gc'], tag)).not.toBe(without);
  expect(run(['--expose-gc'], `await load('index.mjs'); ${tag}`)).toBe(without);
});
