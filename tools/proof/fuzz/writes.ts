import type { Write } from '../canned-aws.ts';
import { isEvent, reasonFor, WEBHOOKS } from './contract-rules.ts';
import { at, bytesOf, expectations, textOf } from './reading.ts';

const MESSAGE_LIMIT = 1_048_576;
/** More than the attributes of any message take that the fuzzer makes. */
const ATTRIBUTES = 8_000;
const ILLEGAL = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
/** A message without any of them is of no use. */
const NEEDED = ['eventId', 'reason', 'bodyEncoding'];

/** What is wrong with the queue, the body and the reason of a message. */
export function wrongWrite(event: unknown, answer: unknown, { queue, body, attributes }: Write): string[] {
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

/** What is wrong with the attributes of a message that this key's name is to label. */
export function wrongAttributes(
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

/** Whether a body may be too large for a message: as text, or as the data URL that all but text becomes. */
export function isTooLarge(bytes: Buffer): boolean {
  const text = textOf(bytes);
  const verbatim = text !== undefined && !ILLEGAL.test(text.replaceAll(/[\uFFFE\uFFFF]/g, '\\uFFFF'));
  const size = verbatim ? bytes.length * 2 : Math.ceil(bytes.length / 3) * 4;
  return size + ATTRIBUTES > MESSAGE_LIMIT;
}
