import { existsSync, globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { fragmentsOf } from '../support/headings.ts';

const root = new URL('../../', import.meta.url);
const exclude = ['**/node_modules/**', '**/dist/**', 'cdk.out/**'];
const filesLike = (pattern: string) => globSync(pattern, { cwd: fileURLToPath(root), exclude });

const pages = filesLike('**/*.md');
const linksOf = (page: string) =>
  [...readFileSync(new URL(page, root), 'utf8').matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^[a-z]+:/.test(link));

function leadsSomewhere(link: string, from: URL): boolean {
  const target = new URL(link, from);
  const fragment = target.hash.slice(1);
  target.hash = '';
  return existsSync(target) && (fragment === '' || fragmentsOf(target).includes(fragment));
}

test.each(pages)('each link of a page leads to a file and a heading that exist: %s', (page) => {
  const from = new URL(page, root);
  expect(linksOf(page).filter((link) => !leadsSomewhere(link, from))).toEqual([]);
});

test('each place of the documentation that the code names exists', () => {
  const sources = filesLike('{contract,functions,infra,tools,test/aws}/**/*.{ts,tsx}').map((file) =>
    readFileSync(new URL(file, root), 'utf8'),
  );
  const places = sources.flatMap(
    (text) => text.match(/\b(docs\/[\w-]+|README|SECURITY)\.md(#[\w-]+)?/g) ?? [],
  );
  expect(places.length).toBeGreaterThan(40);
  expect(places.filter((place) => !leadsSomewhere(place, root))).toEqual([]);
});
