import { randomUUID } from 'node:crypto';
import type { SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { PROBE_EVENT_TYPE } from '../../../functions/receiver/probe.ts';
import type { StoredKey } from '../../../functions/receiver/secret-value.ts';
import { type Answer, buildDelivery, post } from '../delivery.ts';
import { revertDrift } from '../drift.ts';
import type { Stack } from '../stack.ts';
import { catchProbe } from './catch-probe.ts';
import { bad, type Finding, good, unchecked } from './finding.ts';

/** From the answer until it must have been received. */
const ARRIVAL_MS = 20_000;

/** Sends a signed probe the way of every delivery, as far as a queue, and takes it away again. */
export async function checkProbe(
  client: SQSClient,
  { name, outputs }: Stack,
  key: StoredKey,
): Promise<Finding> {
  const probe = randomUUID();
  const body = new TextEncoder().encode(JSON.stringify({ eventType: PROBE_EVENT_TYPE, probe }));
  const delivery = buildDelivery(body, { secret: key.secret });

  let endsAt = Number.POSITIVE_INFINITY;
  const send = async () => {
    try {
      const answer = await post(new URL(outputs.WebhookUrl), delivery);
      endsAt = answer.status === 200 ? Date.now() + ARRIVAL_MS : 0;
      return answer;
    } catch (error) {
      endsAt = 0;
      throw error;
    }
  };
  // Received from before it is sent, so that it never lies there long enough to be counted.
  const [caught, answer] = await Promise.all([
    catchProbe(client, outputs.QuarantineQueueUrl, body, () => Date.now() > endsAt),
    send(),
  ]);
  return judge(answer, caught, name);
}

const said = v.pipe(v.string(), v.parseJson(), v.object({ status: v.string() }));

function judge({ status, body, ms }: Answer, caught: boolean, stackName: string): Finding {
  if (status === 401) {
    return bad(
      'Probe: refused, although it was signed with the stored secret',
      `run it again in a minute, a secret that was just stored may not be in use yet; if it stays so, the function reads another secret: ${revertDrift(stackName)}`,
    );
  }
  if (status === 403) {
    return unchecked('Probe: not checked, this machine is not on the allow list; run it on one that is');
  }
  if (status !== 200) {
    return bad(`Probe: answered ${status}`, 'see docs/runbook.md#deliveries-are-unavailable');
  }
  if (!caught) {
    return bad(
      'Probe: taken, but not found on the quarantine queue',
      `run it again; if it stays so, the function writes to another queue: ${revertDrift(stackName)}`,
    );
  }
  const what = `Probe: signed, verified, put on a queue, and removed again; answered in ${ms.toFixed(0)} ms`;
  const answered = v.safeParse(said, body);
  return answered.success && answered.output.status === 'probed'
    ? good(what)
    : good(
        `${what} (by a receiver older than this checkout, which counted it as quarantined: deploy this one)`,
      );
}
