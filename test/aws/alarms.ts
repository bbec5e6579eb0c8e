import * as v from 'valibot';
import { assert } from 'vitest';
import { line } from '../../tools/ops/doctor/finding.ts';
import { claim } from './claim.ts';
import { doctor, inTime, physicalId, take, until } from './stage.ts';

const ARRIVAL_MS = 60_000;
/** From a metric to a message: CloudWatch looks at an alarm once a minute. */
const FIRING_MS = 5 * 60_000;

const firing = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({ AlarmName: v.string(), NewStateValue: v.literal('ALARM') }),
);
const notification = v.pipe(v.string(), v.parseJson(), v.object({ Message: firing }));

/** Alarms, as far as to somebody who is told. */
export function claimAlarms(): void {
  /** The names of the alarms that the topic has told of. */
  const heard = new Set<string>();
  const hear = async (isThere: () => boolean, limitMs: number) => {
    const url = await physicalId('AWS::SQS::Queue', /^Listener/);
    const listen = async () => {
      for (const { original } of await take(url)) {
        const told = v.safeParse(notification, original.body);
        if (told.success) heard.add(told.output.Message.AlarmName);
      }
    };
    await until(listen, isThere, inTime(limitMs), () => `heard of ${[...heard].join(', ') || 'no alarm'}`);
  };
  claim(
    'A test alarm tells its topic, and who has subscribed to it gets the message.',
    { docs: 'README.md#deploy, step 5; docs/runbook.md', isOfAws: true },
    async () => {
      const findings = (await doctor(true)).filter(({ what }) => what.startsWith('Test alarm'));
      const seen = findings.map(line).join(' ');
      assert(findings.length > 0 && findings.every(({ kind }) => kind === 'good'), seen);
      await hear(() => [...heard].some((name) => seen.includes(name)), ARRIVAL_MS);
      return seen;
    },
  );
  claim(
    'An alarm fires by itself: the one for deliveries before a key was stored.',
    { docs: 'docs/runbook.md#the-secret-is-the-placeholder', isOfAws: true },
    async () => {
      const name = await physicalId('AWS::CloudWatch::Alarm', /AlarmsPlaceholder/);
      await hear(() => heard.has(name), FIRING_MS);
      return `heard of ${[...heard].join(', ')}`;
    },
  );
}
