import { alarmSteps } from './alarms.ts';
import { changeSteps, replacementSteps } from './changes.ts';
import { deliverySteps } from './deliveries.ts';
import { freshSteps } from './fresh.ts';
import { keySteps } from './keys.ts';
import { recordSteps, throttlingStep } from './operation.ts';
import { queueSteps } from './queues.ts';
import type { Stage } from './stage.ts';
import type { Step } from './step.ts';

/** Everything, in an order in which what takes its time in AWS passes while something else is done. */
export function stepsOf(stage: Stage): readonly Step[] {
  return [
    ...freshSteps(stage),
    ...deliverySteps(stage),
    throttlingStep(stage),
    ...queueSteps(stage),
    ...keySteps(stage, changeSteps(stage)),
    ...alarmSteps(stage),
    ...recordSteps(stage),
    ...replacementSteps(stage),
  ];
}
