import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const PROJECT = fileURLToPath(new URL('../../', import.meta.url));
const CLAIMS = globSync('test/aws/*.ts', { cwd: PROJECT, exclude: ['**/*.test.ts'] });

const TEXT = CLAIMS.map((file) => readFileSync(PROJECT + file, 'utf8')).join('');

test('each claim is made once: the report has one row for a title', () => {
  const titles = [...TEXT.matchAll(/claim(?:Encryption)?\(\s*(['"`])(.+?)\1,/g)].map(([, , title]) => title);
  expect(titles.length).toBeGreaterThan(25);
  expect(new Set(titles).size).toBe(titles.length);
});
