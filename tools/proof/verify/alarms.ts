import * as v from 'valibot';
import { readWatch } from '../../ops/doctor/alarms.ts';
import { examine } from '../../ops/doctor/examine.ts';
import { type Finding, line } from '../../ops/doctor/finding.ts';
import { testAlarm } from '../../ops/doctor/test-alarm.ts';
import type { Bench } from './bench.ts';
import { MAIL_ADDRESS, STACK } from './stages.ts';
import { hold, type Step } from './step.ts';

const ARRIVAL_MS = 60_000;
/** From a metric to a message: CloudWatch looks at an alarm once a minute. */
const FIRING_MS = 5 * 60_000;

const notification = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    Message: v.pipe(
      v.string(),
      v.parseJson(),
      v.object({ AlarmName: v.string(), NewStateValue: v.string() }),
    ),
  }),
);

/** Nobody confirms the mail address; and what the steps before provoked may fire by now. */
const isOwnDoing = ({ what }: Finding) => what.includes(MAIL_ADDRESS) || /^Alarm \S/.test(what);

async function all(findings: AsyncIterable<Finding>): Promise<readonly Finding[]> {
  const found: Finding[] = [];
  for await (const finding of findings) found.push(finding);
  return found;
}

/** Alarms, as far as to somebody who is told. */
export function alarmSteps(bench: Bench): { readonly doctor: readonly Step[]; readonly afterwards: Step } {
  const { take, physicalId, until, inTime } = bench;
  const fired = new Set<string>();

  /** The names of the alarms that the topic has told of. */
  async function listen(): Promise<ReadonlySet<string>> {
    const url = await physicalId('AWS::SQS::Queue', /^Listener/);
    for (const { original } of await take(url)) {
      const heard = v.safeParse(notification, original.body);
      if (heard.success && heard.output.Message.NewStateValue === 'ALARM')
        fired.add(heard.output.Message.AlarmName);
    }
    return fired;
  }

  const doctor: Step[] = [
    {
      claim: 'The doctor finds no fault in a fresh stage.',
      docs: 'README.md#deploy, step 5',
      run: async () => {
        const findings = await all(examine({ name: STACK }, { testAlarm: false }));
        const bad = findings.filter(({ kind }) => kind === 'bad');
        const faults = bad.filter((finding) => !isOwnDoing(finding));
        hold(faults.length === 0, faults.map(line).join(' '));
        return `${findings.length} findings, no fault; ${bad.length} are this run's own doing`;
      },
    },
    {
      claim: 'A test alarm tells its topic, and who has subscribed to it gets the message.',
      docs: 'README.md#deploy, step 5; docs/runbook.md',
      isOfAws: true,
      run: async () => {
        const watch = await readWatch({ name: STACK }, bench.deployed());
        const findings = await all(testAlarm(watch));
        hold(
          findings.every(({ kind }) => kind === 'good'),
          findings.map(line).join(' '),
        );
        const { size } = await until(listen, (heard) => heard.size > 0, inTime(ARRIVAL_MS));
        hold(size > 0, 'CloudWatch told the topic, but no message came from it');
        return findings.map(line).join(' ');
      },
    },
  ];

  const afterwards: Step = {
    claim: 'An alarm fires by itself: the one for deliveries before a key was stored.',
    docs: 'docs/runbook.md#the-secret-is-the-placeholder',
    isOfAws: true,
    run: async () => {
      const name = await physicalId('AWS::CloudWatch::Alarm', /AlarmsPlaceholder/);
      const heard = await until(listen, (names) => names.has(name), inTime(FIRING_MS));
      hold(heard.has(name), `no message of ${name}; heard of ${[...heard].join(', ') || 'none'}`);
      return `heard of ${[...heard].join(', ')}`;
    },
  };
  return { doctor, afterwards };
}
