import { sentenceOf } from '../../cli/failure.ts';
import type { Answer } from '../../ops/delivery.ts';
import { alarmSteps } from './alarms.ts';
import { awsSteps } from './aws.ts';
import { type Bench, inWords } from './bench.ts';
import { busSteps } from './bus.ts';
import { changeSteps, encryptionStep } from './changes.ts';
import { deliverySteps } from './deliveries.ts';
import { keySteps } from './keys.ts';
import { queueSteps } from './queues.ts';
import { hold, type Step } from './step.ts';

const FIRST_ANSWER_MS = 120_000;

/** Everything, in an order in which what takes its time in AWS passes while something else is done. */
export function stepsOf(bench: Bench): readonly Step[] {
  const deliveries = deliverySteps(bench);
  const aws = awsSteps(bench);
  const alarms = alarmSteps(bench);
  const keys = keySteps(bench);
  const changes = changeSteps(bench);
  const first: Step = {
    claim: 'A stage with alarms and a dashboard is deployed.',
    docs: 'README.md#deploy, step 2',
    isNeeded: true,
    run: async () => {
      await bench.deploy('first');
      // A new address may take a while to be known everywhere.
      const look = () =>
        bench
          .newEvent()
          .then((body) => bench.send(body))
          .catch(sentenceOf);
      const isThere = (seen: Answer | string) => typeof seen !== 'string' && seen.status === 401;
      const answer = await bench.until(look, isThere, FIRST_ANSWER_MS);
      hold(
        isThere(answer),
        `to an unsigned request: ${typeof answer === 'string' ? answer : inWords(answer)}`,
      );
      return bench.deployed().outputs.WebhookUrl;
    },
  };
  return [
    first,
    ...deliveries.storing,
    // Before deliveries that are refused: the doctor learns minutes later that they were this run's own.
    ...alarms.doctor,
    ...deliveries.answers,
    ...aws.atOnce,
    ...queueSteps(bench),
    ...keys.steps,
    changes.options,
    encryptionStep(bench, "CloudFormation turns SQS's encryption into that by a KMS key.", /by the key /),
    keys.afterwards,
    alarms.afterwards,
    ...aws.afterwards,
    changes.fifo,
    ...busSteps(bench),
    encryptionStep(bench, "CloudFormation turns encryption by a KMS key into SQS's own again.", /by SQS$/),
  ];
}
