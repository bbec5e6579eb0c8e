import type { Stages } from './options.ts';

/**
 * The options of every stage; infra/options.ts says what each option does. `npx cdk deploy -c stage=prod` deploys
 * the stage `prod` as the stack `veriff-status-receiver-prod`. This is the only file of the project that is yours:
 * commit your changes, so that every deployment has the same options.
 */
export const stages = {
  /** Deployed when no stage is given. Everything has its default; `cdk destroy` deletes the queues, the secret and the logs. */
  dev: {},
  prod: {
    retain: true,
    // Without alarms nobody is told of an event in quarantine before it is deleted. Enter the mail address for alarms:
    // alarms: { email: 'you@example.com' },
  },
} satisfies Stages;
