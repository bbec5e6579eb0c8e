import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Write } from '../../../tools/proof/canned-aws.ts';
import { PRIVATE } from '../events/payload.ts';
import type { Secret } from '../secret-forms.ts';
import { judgeAttributes, judgeMessage, mayBeTooLarge } from './message.ts';
import { at, bytesOf, hmac, parsed, signaturesOf } from './reading.ts';

/** All that an event led to. */
export interface Observed {
  readonly answer: unknown;
  readonly writes: readonly Write[];
  readonly lines: readonly string[];
}

/** How the log names a key. */
export function fingerprintOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 8);
}

/**
 * Compares what an event led to with what is promised.
 * @throws AssertionError with the promise that was broken.
 */
export function judge(event: unknown, { answer, writes, lines }: Observed, { keys }: Secret): void {
  const status = at(answer, 'statusCode');
  const body = parsed(String(at(answer, 'body')));
  const type = at(answer, 'headers', 'content-type');
  const [line, ...more] = lines.map(parsed).filter((one) => at(one, 'outcome') !== undefined);
  assert(
    [200, 401, 413].includes(Number(status)),
    `the status is documented, as no service failed: ${status}`,
  );
  assert(
    writes.length === (status === 200 ? 1 : 0),
    `one queue write for a 200 and none otherwise: ${writes.length}`,
  );
  assert(line !== undefined && more.length === 0, 'a delivery has one line in the log');

  // A header may be there twice: then either one is right.
  const signatures = signaturesOf(event).map((value) => value.toLowerCase());
  const bytes = bytesOf(event);
  const digests = signatures.length === 0 ? [] : keys.map(({ secret }) => hmac(bytes, secret));
  const signers = keys.filter((_, index) => signatures.includes(digests[index] ?? ''));
  const isSigned = signatures.length > 0 && signatures.every((value) => digests.includes(value));
  const signer = signers.find(({ secret }) => fingerprintOf(secret) === at(line, 'key'));
  if (status === 401) {
    assert(!isSigned, 'what is signed correctly is not refused');
    assert(at(line, 'key') === undefined, 'the line of a refused delivery names no key');
  } else {
    assert(signers.length > 0, 'what is not signed is refused');
    assert(signer !== undefined, 'the log names the key that signed');
    assert(at(line, 'version') === undefined, 'the log names no version for a key of the current one');
  }
  if (status === 413) assert(mayBeTooLarge(bytes), 'what fits is not too large');

  if (status === 200) {
    assert(type === 'application/json', 'a 200 is JSON');
    for (const write of writes) {
      judgeMessage(bytes, body, write);
      judgeAttributes(write, signer?.integration, at(line, 'reduced') === true);
    }
  } else {
    assert(type === 'application/problem+json', 'a refusal is a problem document');
    assert(at(body, 'status') === status, 'a problem document names its status');
  }

  const seen = [...lines, String(at(answer, 'body'))].join('\n');
  const given = signaturesOf(event).filter(({ length }) => length > 15);
  for (const text of [PRIVATE, ...keys.map(({ secret }) => secret), ...given]) {
    assert(!seen.includes(text), `neither a log line nor an answer repeats ${text.slice(0, 16)}`);
  }
}
