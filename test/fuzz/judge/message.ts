import assert from 'node:assert/strict';
import type { Write } from '../../../tools/proof/canned-aws.ts';
import { isEvent, reasonFor, WEBHOOKS } from './contract-rules.ts';
import { at, textOf } from './reading.ts';

const MESSAGE_LIMIT = 1_048_576;
/** More than the attributes of any message take that the fuzzer makes. */
const ATTRIBUTES = 8_000;
const ILLEGAL = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;
/** A message without any of them is of no use. */
const NEEDED = ['eventId', 'reason', 'bodyEncoding'];

/** @throws AssertionError when the queue, the body or the reason is wrong for these bytes, or the answer does not fit. */
export function judgeMessage(bytes: Buffer, answer: unknown, { queue, body, attributes }: Write): void {
  const text = textOf(bytes);
  if (text !== undefined && isEvent(text)) {
    assert(queue === 'main', `an event goes to the main queue: ${queue}`);
    const escaped = text.replaceAll('\uFFFE', '\\uFFFE').replaceAll('\uFFFF', '\\uFFFF');
    assert(body === escaped, 'the body is verbatim');
    assert(/^[0-9a-f]{64}$/.test(String(attributes.eventId)), 'a message has an event id');
    assert(at(answer, 'eventId') === attributes.eventId, 'the answer names the id that the message has');
    assert(at(answer, 'status') === 'accepted', 'the answer says what was done');
    return;
  }
  assert(queue === 'quarantine', `what is no event goes to quarantine: ${queue}`);
  const isDataUrl = attributes.bodyEncoding === 'data-url';
  const kept = isDataUrl ? Buffer.from(body.replace(/^data:;base64,/, ''), 'base64') : Buffer.from(body);
  assert(kept.equals(bytes), 'quarantine holds the bytes');
  assert(at(answer, 'reason') === attributes.reason, 'the answer names the reason that the message has');
  const { reasons, webhook } = reasonFor(bytes);
  assert(reasons.includes(String(attributes.reason)), `the reason is right: ${attributes.reason}`);
  const problems = String(at(answer, 'problems'));
  const named = WEBHOOKS.filter((name) => problems.includes(`Veriff's ${name} webhook`));
  assert(named.join() === (webhook ?? ''), `another webhook of Veriff's is named: ${named}`);
  const isReduced = attributes.receivedAt === undefined;
  assert(isReduced || attributes.webhook === webhook, `the message names it, too: ${attributes.webhook}`);
  assert(at(answer, 'status') === 'quarantined', 'the answer says what was done');
}

/** @throws AssertionError when the attributes are wrong for a message that this key's name is to label. */
export function judgeAttributes(
  { body, attributes }: Write,
  integration: string | undefined,
  isReduced: boolean,
): void {
  if (isReduced) {
    assert(Buffer.byteLength(body) + ATTRIBUTES > MESSAGE_LIMIT, 'nothing is left out of what fits');
    const kept = Object.keys(attributes).filter((name) => !NEEDED.includes(name));
    assert(kept.length === 0, `a reduced message has what it needs and no more: ${kept}`);
  } else {
    const name = attributes.integration;
    assert(name === integration, `the integration is the key's name: ${name}`);
    assert(attributes.receivedAt !== undefined, 'a message says when it was received');
  }
  const texts = Object.entries(attributes).flat();
  assert(texts.length <= 20, 'a message has ten attributes at the most');
  const isLegal = [body, ...texts].every((text) => text !== '' && !ILLEGAL.test(text));
  assert(isLegal, 'SQS can carry it');
  const size = Buffer.byteLength(body + texts.join('')) + (texts.length / 2) * 'String'.length;
  assert(size <= MESSAGE_LIMIT, 'a message is at most 1 MiB');
}

/** Whether a body may be too large for a message: as text, or as the data URL that all but text becomes. */
export function mayBeTooLarge(bytes: Buffer): boolean {
  const text = textOf(bytes);
  const verbatim = text !== undefined && !ILLEGAL.test(text.replaceAll(/[\uFFFE\uFFFF]/g, '\\uFFFF'));
  const size = verbatim ? bytes.length * 2 : Math.ceil(bytes.length / 3) * 4;
  return size + ATTRIBUTES > MESSAGE_LIMIT;
}
