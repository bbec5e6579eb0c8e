import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { removalStep } from '../../../../tools/proof/verify/removal.ts';
import { createStage } from '../../../../tools/proof/verify/stage.ts';
import { stepsOf } from '../../../../tools/proof/verify/steps.ts';

const steps = [...stepsOf(createStage(new AbortController().signal, false)), removalStep()];

/** The address of each heading in a file, as GitHub makes it. */
async function anchorsOf(file: string): Promise<readonly string[]> {
  const text = await readFile(new URL(`../../../../${file}`, import.meta.url), 'utf8');
  const headings = text.match(/^#+ .*$/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

test('each claim names a section that the documentation has', async () => {
  const places = steps.flatMap(({ docs }) => [...docs.matchAll(/([\w/-]+\.md)(?:#([\w-]+))?/g)]);
  expect(places.length).toBeGreaterThanOrEqual(steps.length);
  for (const [place, file = '', anchor] of places) {
    const anchors = await anchorsOf(file);
    expect(anchor === undefined || anchors.includes(anchor), place).toBe(true);
  }
});

test('each claim is made once', () => {
  const claims = steps.map(({ claim }) => claim);
  expect(new Set(claims).size).toBe(claims.length);
});
