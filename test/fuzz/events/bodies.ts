import fc from 'fast-check';
import {
  invalidSamples,
  otherWebhookSamples,
  unfamiliarSample,
  validSamples,
} from '../../support/samples.ts';
import { parsed } from '../judge/reading.ts';
import { alteration, altered } from './payload.ts';
import { weighted } from './weighted.ts';

const sample = weighted(
  [1, fc.constantFrom(...validSamples)],
  [1, fc.constantFrom(unfamiliarSample, ...otherWebhookSamples, ...invalidSamples)],
);

/** What is done to the text: the JSON may be none any more. */
const rewriting = weighted<(text: string) => string>(
  [30, fc.constant((text) => text)],
  [1, fc.nat(400).map((at) => (text) => text.slice(0, at))],
  [
    2,
    fc.tuple(fc.nat(600), fc.string({ unit: 'binary', maxLength: 4 })).map(
      ([at, insert]) =>
        (text) =>
          text.slice(0, at) + insert + text.slice(at),
    ),
  ],
  [
    1,
    fc.constantFrom(
      (text) => `\uFEFF${text}`,
      (text) => text + text,
    ),
  ],
  [2, fc.oneof(fc.integer({ min: 60, max: 66 }), fc.nat(3_000)).map(deepened)],
);

/** Long enough to be large and seldom larger than a message may be, which takes its time. */
const padding = weighted(
  [400, fc.constant('')],
  [4, fc.nat(20_000).map((length) => 'x'.repeat(length))],
  [1, fc.integer({ min: 1_047_000, max: 1_050_000 }).map((length) => 'ä'.repeat(length / 2))],
);

const alteredSample = fc
  .tuple(sample, alteration, padding, rewriting)
  .map(([{ body }, alteration, pad, rewrite]) => {
    const payload = parsed(body);
    return rewrite(payload === undefined ? body + pad : altered(payload, pad, alteration));
  });

/** Bytes that someone may post: mostly a sample of the contract with something wrong. */
export const bodies: fc.Arbitrary<Buffer> = weighted(
  [16, alteredSample.map((text) => Buffer.from(text))],
  [1, fc.json({ maxDepth: 3 }).map((text) => Buffer.from(text))],
  [1, fc.string({ unit: 'binary' }).map((text) => Buffer.from(text))],
  [1, fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes))],
);

function deepened(depth: number) {
  return (text: string) => text.replace(/\}\s*$/, `,"extra":${'['.repeat(depth)}${']'.repeat(depth)}}`);
}
