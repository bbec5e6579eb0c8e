import { createHmac } from 'node:crypto';
import { PRIVATE } from './bodies.ts';
import { expectations } from './expectations.ts';
import { at, bytesOf, headersOf, parsed } from './reading.ts';
import { fingerprintOf, type Secret } from './secret-forms.ts';
import type { Write } from './services.ts';
import { isTooLarge, wrongAttributes, wrongWrite } from './writes.ts';

/** All that an event led to. */
export interface Observed {
  readonly answer: unknown;
  readonly writes: readonly Write[];
  readonly lines: readonly string[];
}

/** What is wrong with what an event led to: promises that were broken. */
export function findings(event: unknown, observed: Observed, secret: Secret): string[] {
  return [...wrongAnswer(event, observed, secret), ...leaks(event, observed, secret)];
}

function wrongAnswer(event: unknown, { answer, writes, lines }: Observed, secret: Secret): string[] {
  const status = at(answer, 'statusCode');
  const body = parsed(String(at(answer, 'body')));
  const type = at(answer, 'headers', 'content-type');
  const signed = signers(event, secret);
  const [line, ...more] = lines.map(parsed).filter((one) => at(one, 'outcome') !== undefined);
  const { broken, expect } = expectations();

  expect(
    [200, 401, 413].includes(Number(status)),
    `the status is documented and no service failed: ${status}`,
  );
  expect(
    writes.length === (status === 200 ? 1 : 0),
    `one queue write for a 200 and none otherwise: ${writes.length}`,
  );
  expect(line !== undefined && more.length === 0, 'a delivery has one line in the log');
  const signer = signed.keys.find(({ secret }) => fingerprintOf(secret) === at(line, 'key'));
  if (status === 401) {
    expect(!signed.isCertain, 'what is signed correctly is not refused');
    expect(at(line, 'key') === undefined, 'the line of a refused delivery names no key');
  } else {
    expect(signed.keys.length > 0, 'what is not signed is refused');
    expect(signer !== undefined, 'the log names the key that signed');
    expect(at(line, 'version') === 'AWSCURRENT', 'the log names the version that the key is of');
  }

  if (status === 200) {
    expect(type === 'application/json', 'a 200 is JSON');
    for (const write of writes) {
      broken.push(...wrongWrite(event, body, write));
      broken.push(...wrongAttributes(write, signer?.integration, at(line, 'reduced') === true));
    }
  } else {
    expect(type === 'application/problem+json', 'a refusal is a problem document');
    expect(at(body, 'status') === status, 'a problem document names its status');
  }
  if (status === 413) expect(isTooLarge(bytesOf(event)), 'what fits is not too large');
  return broken;
}

/** The keys that made a signature in a header; and whether each signature was made by one: a header may be there twice. */
function signers(event: unknown, { keys }: Secret) {
  const bytes = bytesOf(event);
  const given = headersOf(event, 'x-hmac-signature', 'vrf-hmac-signature').map((value) =>
    value.toLowerCase(),
  );
  const digests =
    given.length === 0 ? [] : keys.map((key) => createHmac('sha256', key.secret).update(bytes).digest('hex'));
  return {
    keys: keys.filter((_, index) => given.includes(digests[index] ?? '')),
    isCertain: given.length > 0 && given.every((value) => digests.includes(value)),
  };
}

function leaks(event: unknown, { answer, lines }: Observed, { keys }: Secret): string[] {
  const signatures = headersOf(event, 'x-hmac-signature', 'vrf-hmac-signature').filter(
    ({ length }) => length > 15,
  );
  const hidden = [PRIVATE, ...keys.map((key) => key.secret), ...signatures];
  const seen = [...lines, String(at(answer, 'body'))];
  const found = hidden.filter((text) => seen.some((line) => line.includes(text)));
  return found.map((text) => `neither a log line nor an answer repeats ${text.slice(0, 16)}`);
}
