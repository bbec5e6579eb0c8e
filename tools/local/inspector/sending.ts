import * as v from 'valibot';
import { chooseKey } from '../../choose-key.ts';
import { buildDelivery, override, post, readSample } from '../../delivery.ts';
import { MANNERS, type SendOrder, type SendResult } from './protocol.ts';

const REPEATS = 3;

const text = v.optional(v.pipe(v.string(), v.nonEmpty(), v.maxLength(10_000)));
const schema = v.object({
  sample: v.string(),
  manner: v.picklist(MANNERS),
  status: text,
  reason: text,
  integration: text,
}) satisfies v.GenericSchema<unknown, SendOrder>;

/**
 * Sends what the form asks for, as Veriff would: through the webhook's own URL.
 * @param secretValue the secret as it is stored now
 * @throws Error that says what is wrong with the order.
 */
export async function carryOut(order: unknown, url: URL, secretValue: () => string): Promise<SendResult> {
  const { sample, manner, status, reason, integration } = v.parse(schema, order);
  const body = override(await readSample(sample), { status, reason });
  const key = manner === 'unsigned' ? {} : { secret: chooseKey(secretValue(), integration).secret };
  const delivery = buildDelivery(body, { ...key, tamper: manner === 'tampered' });
  const answers: { status: number; ms: number }[] = [];
  for (let count = manner === 'repeated' ? REPEATS : 1; count > 0; count -= 1) {
    const answer = await post(url, delivery);
    answers.push({ status: answer.status, ms: answer.ms });
  }
  return { answers };
}
