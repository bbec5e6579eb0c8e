import { randomUUID } from 'node:crypto';
import * as v from 'valibot';
import { validate } from '../../functions/receiver/validate.ts';
import { sentenceOf } from '../cli/failure.ts';
import type { LocalStack } from '../local/stack.ts';
import { chooseKey } from '../ops/choose-key.ts';
import { buildDelivery, override, readSample, sampleNames } from '../ops/delivery.ts';
import { OrderError } from './protocol.ts';

const text = v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(10_000)));
const count = 'expected a number from 1 to 500';
const schema = v.object({
  sample: v.string(),
  manner: v.picklist(['signed', 'tampered', 'unsigned', 'other-key']),
  body: v.optional(v.string()),
  status: text,
  reason: text,
  session: text,
  attempt: text,
  vendorData: text,
  integration: text,
  count: v.pipe(v.number(count), v.integer(count), v.minValue(1, count), v.maxValue(500, count)),
});

/** Every sample of the contract, and what the receiver makes of it. */
export async function readSamples() {
  const read = async (name: string) => {
    const body = await readSample(name);
    const outcome = validate(body).ok ? 'accepted' : 'quarantined';
    return { name, outcome, body: new TextDecoder().decode(body) };
  };
  return Promise.all((await sampleNames()).map(read));
}

/**
 * What the form asks for, as Veriff would send it, and how many times.
 * @throws OrderError when the order can't be carried out.
 */
export async function readOrder(given: unknown, { secrets, secretName }: LocalStack) {
  const read = v.safeParse(schema, given);
  if (!read.success) throw new OrderError(read.issues[0].message, v.getDotPath(read.issues[0]) ?? undefined);
  const { sample, manner, body, integration, count, ...changes } = read.output;
  let field: string | undefined = 'sample';
  try {
    const original = body === undefined ? await readSample(sample) : new TextEncoder().encode(body);
    field = Object.entries(changes).find(([, value]) => value !== undefined)?.[0];
    const bytes = override(original, changes);
    field = integration && 'integration';
    const stored = () => {
      // As it is now: whoever tries a rotation stores another.
      const { value } = secrets.get(secretName);
      return chooseKey('SecretString' in value ? value.SecretString : '', integration).secret;
    };
    const keys = { signed: stored, tampered: stored, unsigned: () => undefined, 'other-key': randomUUID };
    const delivery = buildDelivery(bytes, { secret: keys[manner](), tamper: manner === 'tampered' });
    return { delivery, count };
  } catch (error) {
    throw new OrderError(sentenceOf(error), field);
  }
}
