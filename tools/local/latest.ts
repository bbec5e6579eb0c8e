import * as v from 'valibot';
import type { Description } from './description.ts';

const time = v.pipe(v.string(), v.isoTimestamp());

/** The function's own log lines; the answer to a refused sender doesn't say why. */
const line = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    timestamp: time,
    message: v.variant('outcome', [
      v.object({ outcome: v.literal('Accepted') }),
      v.object({ outcome: v.literal('Refused'), reason: v.literal('signature-mismatch') }),
    ]),
  }),
);

/** Remembers when deliveries were accepted and when a signature did not match. In AWS CloudWatch does. */
export function createLatest() {
  let seen: Description['latest'] = {};
  return {
    read(text: string): void {
      const found = v.safeParse(line, text);
      if (!found.success) return;
      const { message, timestamp } = found.output;
      seen = { ...seen, [message.outcome === 'Accepted' ? 'accepted' : 'mismatched']: timestamp };
    },
    seen: () => seen,
  };
}
