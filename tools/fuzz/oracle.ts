import { createHmac } from 'node:crypto';
import { PRIVATE } from './bodies.ts';
import { isEvent, reasonFor, WEBHOOKS } from './contract-rules.ts';
import { at, bytesOf, headersOf, parsed, textOf } from './reading.ts';
import { fingerprintOf, type Secret } from './secret-forms.ts';
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
/** A message without any of them is of no use. */
const NEEDED = ['eventId', 'reason', 'bodyEncoding'];

/** Promises that are checked, and those of them that were broken. */
function expectations() {
  const broken: string[] = [];
  return { broken, expect: (holds: boolean, promise: string) => void (holds || broken.push(promise)) };
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
  if (status === 413)
    expect(wireSize(bytesOf(event)) + ATTRIBUTES > MESSAGE_LIMIT, 'what fits is not too large');
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

function wrongWrite(event: unknown, answer: unknown, { queue, body, attributes }: Write): string[] {
  const bytes = bytesOf(event);
  const text = textOf(bytes);
  const valid = text !== undefined && isEvent(text);
  const { broken, expect } = expectations();

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
    const kept = attributes.bodyEncoding === 'data-url' ? fromDataUrl(body) : Buffer.from(body);
    expect(kept.equals(bytes), 'quarantine holds the bytes');
    expect(at(answer, 'reason') === attributes.reason, 'the answer names the reason that the message has');
    const { reasons, webhook } = reasonFor(bytes);
    expect(reasons.includes(String(attributes.reason)), `the reason is right: ${attributes.reason}`);
    const problems = String(at(answer, 'problems'));
    const named = WEBHOOKS.filter((name) => problems.includes(`Veriff's ${name} webhook`));
    expect(named.join() === (webhook ?? ''), `another webhook of Veriff's is named: ${named}`);
    const isReduced = attributes.receivedAt === undefined;
    expect(isReduced || attributes.webhook === webhook, `the message names it, too: ${attributes.webhook}`);
  }
  expect(
    at(answer, 'status') === (queue === 'main' ? 'accepted' : 'quarantined'),
    'the answer says what was done',
  );
  return broken;
}

function wrongAttributes(
  { body, attributes }: Write,
  integration: string | undefined,
  isReduced: boolean,
): string[] {
  const { broken, expect } = expectations();
  if (isReduced) {
    expect(Buffer.byteLength(body) + ATTRIBUTES > MESSAGE_LIMIT, 'nothing is left out of what fits');
    const kept = Object.keys(attributes).filter((name) => !NEEDED.includes(name));
    expect(kept.length === 0, `a reduced message has what it needs and no more: ${kept}`);
  } else {
    expect(
      attributes.integration === integration,
      `the integration is the key's name: ${attributes.integration}`,
    );
    expect(attributes.receivedAt !== undefined, 'a message says when it was received');
  }
  const values = Object.entries(attributes).flat();
  expect(values.length <= 20, 'a message has ten attributes at the most');
  expect(
    [body, ...values].every((value) => value !== '' && !ILLEGAL.test(value)),
    'SQS can carry it',
  );
  const size = Buffer.byteLength(body + values.join('')) + (values.length / 2) * 'String'.length;
  expect(size <= MESSAGE_LIMIT, 'a message is at most 1 MiB');
  return broken;
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
