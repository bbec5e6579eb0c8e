import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTooDeep } from '../../contract/depth.ts';

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** How deep a value is, as one would say it. */
function levelsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(levelsOf));
}

describe('JSON', () => {
  it('may have 64 levels, and no more', () => {
    expect(isTooDeep(nested(64))).toBe(false);
    expect(isTooDeep(nested(65))).toBe(true);
    expect(isTooDeep(`{"a":${nested(63)}}`)).toBe(false);
    expect(isTooDeep(`{"a":${nested(64)}}`)).toBe(true);
  });

  it('may have any number of values beside each other', () => {
    expect(isTooDeep(`[${'[],{},'.repeat(1_000)}1]`)).toBe(false);
  });

  it('is as deep as its value is, whatever its texts hold', () => {
    const text = fc.string({ unit: fc.constantFrom('[', '{', ']', '}', '"', '\\', 'a', '\u{1F6A9}') });
    const { json } = fc.letrec((tie) => ({
      json: fc.oneof(
        { withCrossShrink: true },
        text,
        fc.array(tie('json'), { maxLength: 2 }),
        fc.dictionary(text, tie('json'), { maxKeys: 2 }),
      ),
    }));
    fc.assert(
      fc.property(json, fc.integer({ min: 55, max: 66 }), (value, around) => {
        const inside = JSON.stringify(value);
        expect(isTooDeep('['.repeat(around) + inside + ']'.repeat(around))).toBe(
          around + levelsOf(value) > 64,
        );
      }),
    );
  });

  it('counts a value that another of the same name replaces', () => {
    expect(isTooDeep(`{"a":${nested(64)},"a":1}`)).toBe(true);
  });

  it.each([100_000, 500_000])('may be meant to break its reader: %i levels', (levels) => {
    expect(isTooDeep(nested(levels))).toBe(true);
    expect(isTooDeep('{"a":'.repeat(levels))).toBe(true);
  });
});
