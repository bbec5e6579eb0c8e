import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

const rows = read('SECURITY.md')
  .split('\n')
  .filter((line) => /^\| (?!attacker|---)/.test(line));

/** Every test that a row names: its file and a part of its title. */
const cited = rows.flatMap((row) =>
  [...row.matchAll(/`(test\/[^`]+\.test\.ts)`: ((?:"[^"]+"(?:, )?)+)/g)].flatMap(
    ([, file = '', titles = '']) =>
      [...titles.matchAll(/"([^"]+)"/g)].map(([, title = '']) => ({ file, title })),
  ),
);

it('the threat model cites a test in each row', () => {
  expect(rows.length).toBeGreaterThan(10);
  expect(rows.filter((row) => !row.includes('.test.ts`: "'))).toEqual([]);
});

it.each(cited)('the test that the threat model cites exists: $file, "$title"', ({ file, title }) => {
  const titles = read(file)
    .split('\n')
    .filter((line) => /['"`]/.test(line));
  expect(titles.some((line) => line.includes(title))).toBe(true);
});
