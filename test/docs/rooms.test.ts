import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** Each room may import from those before it. */
const ROOMS = [
  'contract',
  'functions',
  'infra',
  'tools/cli',
  'tools/local',
  'tools/ops',
  'tools/inspector',
  'tools/proof',
];
/** Nothing of these is loaded together: they may share types and no more. */
const TYPES_ONLY = new Map([['infra', ['functions']]]);

/** Nothing imports from tests and examples, which come last. */
const levelOf = (file: string) =>
  [...ROOMS, 'test', 'examples'].findIndex((room) => file.startsWith(`${room}/`));

const imports = globSync(`{${ROOMS.join()}}/**/*.{ts,tsx}`, {
  cwd: root,
  exclude: ['**/dist/**', '**/node_modules/**'],
})
  .flatMap((file) =>
    [
      ...readFileSync(join(root, file), 'utf8').matchAll(
        /(import type|import|export)[^'"]*?from '(\.[^']+)'/g,
      ),
    ].map(([, kind, path = '']) => ({ file, kind, target: normalize(join(dirname(file), path)) })),
  )
  .filter(({ file, target }) => levelOf(file) !== levelOf(target));

it('finds the imports between rooms', () => expect(imports.length).toBeGreaterThan(50));

it.each(ROOMS)('a room imports from those before it only, but for types: %s', (room) => {
  const upward = imports.filter(
    ({ file, target, kind }) =>
      file.startsWith(`${room}/`) && kind !== 'import type' && levelOf(target) > levelOf(file),
  );
  const forbidden = imports.filter(
    ({ file, target, kind }) =>
      file.startsWith(`${room}/`) &&
      kind !== 'import type' &&
      TYPES_ONLY.get(room)?.some((other) => target.startsWith(`${other}/`)),
  );
  expect([...upward, ...forbidden]).toEqual([]);
});
