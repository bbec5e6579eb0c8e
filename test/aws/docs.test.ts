import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const CLAIMS = globSync('test/aws/*.ts', { cwd: PROJECT, exclude: ['**/*.test.ts'] });

/** The address of each heading in a file, as GitHub makes it. */
function anchorsOf(file: string): readonly string[] {
  const headings = readFileSync(PROJECT + file, 'utf8').match(/^#+ .*$/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

const TEXT = CLAIMS.map((file) => readFileSync(PROJECT + file, 'utf8')).join('');

test('each claim is made once: the report has one row for a title', () => {
  const titles = [...TEXT.matchAll(/claim\(\s*(['"`])(.+?)\1,/g)].map(([, , title]) => title);
  expect(titles.length).toBeGreaterThan(25);
  expect(new Set(titles).size).toBe(titles.length);
});

test('each claim names a section that the documentation has', () => {
  const places = [...TEXT.matchAll(/([\w/-]+\.md)(?:#([\w-]+))?/g)];
  expect(places.length).toBeGreaterThan(20);
  for (const [place, file = '', anchor] of places) {
    expect(anchor === undefined || anchorsOf(file).includes(anchor), place).toBe(true);
  }
});
