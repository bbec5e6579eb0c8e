import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { validate } from '../../functions/receiver/validate.ts';
import { type DeliveryRecord, readAnswer } from '../local/delivery-record.ts';
import { chooseKey } from '../ops/choose-key.ts';
import { buildDelivery, type Delivery, override, post, readSample, sampleNames } from '../ops/delivery.ts';
import { ownHeaders } from './headers.ts';
import { bodyOf } from './history.ts';
import { type Fate, MANNERS, type Sample } from './protocol.ts';

const MOST = 500;

/** An order that can't be carried out, and the field of the form that is to blame. */
export class OrderError extends Error {
  readonly field: string | undefined;
  constructor(field: string | undefined, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.field = field;
  }
}

const text = v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(10_000)));
const count = `expected a number from 1 to ${MOST}`;
const schema = v.object({
  sample: v.string(),
  manner: v.picklist(MANNERS),
  body: v.optional(v.string()),
  status: text,
  reason: text,
  session: text,
  attempt: text,
  vendorData: text,
  integration: text,
  count: v.pipe(v.number(count), v.integer(count), v.minValue(1, count), v.maxValue(MOST, count)),
});

/** Every sample of the contract, and what the receiver makes of it. */
export async function readSamples(): Promise<readonly Sample[]> {
  const read = async (name: string): Promise<Sample> => {
    const body = await readSample(name);
    const outcome = validate(body).ok ? 'accepted' : 'quarantined';
    return { name, outcome, body: new TextDecoder().decode(body) };
  };
  return Promise.all((await sampleNames()).map(read));
}

/**
 * Sends what the form asks for, as Veriff would: through the webhook's own URL.
 * @param secretValue the secret as it is stored now
 * @throws OrderError when the order can't be carried out.
 */
export async function carryOut(
  given: unknown,
  url: URL,
  secretValue: () => string,
): Promise<readonly Fate[]> {
  const read = v.safeParse(schema, given);
  if (!read.success) throw new OrderError(v.getDotPath(read.issues[0]) ?? undefined, read.issues[0].message);
  const { sample, manner, body, integration, count, ...changes } = read.output;
  let field: string | undefined = 'sample';
  try {
    const original = body === undefined ? await readSample(sample) : new TextEncoder().encode(body);
    field = Object.entries(changes).find(([, value]) => value !== undefined)?.[0];
    const bytes = override(original, changes);
    field = integration && 'integration';
    const stored = () => chooseKey(secretValue(), integration).secret;
    const keys = { signed: stored, tampered: stored, unsigned: () => undefined, 'other-key': randomUUID };
    const delivery = buildDelivery(bytes, { secret: keys[manner](), tamper: manner === 'tampered' });
    field = undefined;
    return await sendAll(url, delivery, count);
  } catch (error) {
    throw new OrderError(field, error);
  }
}

/** Sends a delivery that was there already: its bytes, its signature. */
export function sendAgain(record: DeliveryRecord, url: URL): Promise<readonly Fate[]> {
  const headers = ownHeaders(record.event?.headers ?? {});
  return sendAll(url, { headers, body: Uint8Array.from(bodyOf(record)) }, 1);
}

async function sendAll(url: URL, delivery: Delivery, count: number): Promise<readonly Fate[]> {
  const sent: Fate[] = [];
  while (sent.length < count) {
    const { status, headers, body } = await post(url, delivery);
    const { outcome, reason } = readAnswer(status, body);
    const why = reason === undefined ? [] : [reason];
    sent.push({ id: headers.get('apigw-requestid') ?? '', outcome, status, why });
  }
  return sent;
}
