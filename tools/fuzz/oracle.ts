import { createHmac } from 'node:crypto';
import { PRIVATE } from './bodies.ts';
import type { Secret } from './events.ts';
import { at, bytesOf, headersOf, isEvent, parsed, textOf } from './reading.ts';
import type { Write } from './services.ts';

/** All that an event led to. */
export interface Observed {
  readonly answer: unknown;
  readonly writes: readonly Write[];
  readonly lines: readonly string[];
}

const MESSAGE_LIMIT = 1_048_576;
/** More than the attributes of any message take that the fuzzer makes. */
const ATTRIBUTES = 8_000;
const ILLEGAL = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

/** What is wrong with what an event led to: promises that were broken. */
export function findings(event: unknown, observed: Observed, secret: Secret): string[] {
  return [...wrongAnswer(event, observed, secret), ...leaks(event, observed, secret)];
}

function wrongAnswer(event: unknown, { answer, writes }: Observed, secret: Secret): string[] {
  const status = at(answer, 'statusCode');
  const body = parsed(String(at(answer, 'body')));
  const type = at(answer, 'headers', 'content-type');
  const signed = signers(event, secret);
  const wrong: string[] = [];
  const expect = (holds: boolean, promise: string) => void (holds || wrong.push(promise));

  expect(
    [200, 401, 413].includes(Number(status)),
    `the status is documented and no service failed: ${status}`,
  );
  expect(
    writes.length === (status === 200 ? 1 : 0),
    `one queue write for a 200 and none otherwise: ${writes.length}`,
  );
  if (status === 401) expect(!signed.all, 'what is signed correctly is not refused');
  else expect(signed.some, 'what is not signed is refused');

  if (status === 200) {
    expect(type === 'application/json', 'a 200 is JSON');
    const [write] = writes;
    if (write !== undefined) wrong.push(...wrongWrite(event, body, write));
  } else {
    expect(type === 'application/problem+json', 'a refusal is a problem document');
    expect(at(body, 'status') === status, 'a problem document names its status');
  }
  if (status === 413)
    expect(wireSize(bytesOf(event)) + ATTRIBUTES > MESSAGE_LIMIT, 'what fits is not too large');
  return wrong;
}

/** Whether some, and whether all, of the keys and signatures that the headers name fit together: a header may be there twice. */
function signers(event: unknown, { keys }: Secret) {
  const bytes = bytesOf(event);
  const given = headersOf(event, 'x-hmac-signature', 'vrf-hmac-signature').map((value) =>
    value.toLowerCase(),
  );
  if (given.length === 0) return { some: false, all: false };
  const named = headersOf(event, 'x-auth-client');
  const digests = keys
    .filter(({ integration }) => integration === undefined || named.includes(integration))
    .map((key) => createHmac('sha256', key.secret).update(bytes).digest('hex'));
  return {
    some: given.some((value) => digests.includes(value)),
    all: digests.length === 1 && new Set(named).size < 2 && given.every((value) => digests.includes(value)),
  };
}

function wrongWrite(event: unknown, answer: unknown, { queue, body, attributes }: Write): string[] {
  const bytes = bytesOf(event);
  const text = textOf(bytes);
  const valid = text !== undefined && isEvent(text);
  const stored = attributes.bodyEncoding === 'data-url' ? fromDataUrl(body) : Buffer.from(body);
  const wrong: string[] = [];
  const expect = (holds: boolean, promise: string) => void (holds || wrong.push(promise));

  expect(
    queue === (valid ? 'main' : 'quarantine'),
    `an event goes to the main queue, all else to quarantine: ${queue}`,
  );
  if (queue === 'main') {
    expect(
      body === text?.replaceAll('\uFFFE', '\\uFFFE').replaceAll('\uFFFF', '\\uFFFF'),
      'the body is verbatim',
    );
    expect(/^[0-9a-f]{64}$/.test(String(attributes.eventId)), 'a message has an event id');
    expect(at(answer, 'eventId') === attributes.eventId, 'the answer names the id that the message has');
  } else {
    expect(stored.equals(bytes), 'quarantine holds the bytes');
    expect(at(answer, 'reason') === attributes.reason, 'the answer names the reason that the message has');
    expect(attributes.reason !== 'refused-by-queue', 'SQS is not offered what it refuses');
  }
  expect(
    at(answer, 'status') === (queue === 'main' ? 'accepted' : 'quarantined'),
    'the answer says what was done',
  );
  const values = Object.entries(attributes).flat();
  expect(values.length <= 20, 'a message has ten attributes at the most');
  expect(
    [body, ...values].every((value) => value !== '' && !ILLEGAL.test(value)),
    'SQS can carry it',
  );
  const size = Buffer.byteLength(body + values.join('')) + (values.length / 2) * 'String'.length;
  expect(size <= MESSAGE_LIMIT, 'a message is at most 1 MiB');
  return wrong;
}

function fromDataUrl(url: string): Buffer {
  return Buffer.from(url.replace(/^data:;base64,/, ''), 'base64');
}

/** As text, or as the data URL that all but text becomes. */
function wireSize(bytes: Buffer): number {
  const text = textOf(bytes);
  const verbatim = text !== undefined && !ILLEGAL.test(text.replaceAll(/[\uFFFE\uFFFF]/g, '\\uFFFF'));
  return verbatim ? bytes.length * 2 : Math.ceil(bytes.length / 3) * 4;
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
