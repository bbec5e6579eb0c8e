import type { Options } from '../../infra/options.ts';
import { STACK } from '../../tools/proof/verify/place.ts';

/** Takes no mail: nobody is asked to confirm anything. */
export const MAIL_ADDRESS = `${STACK}@example.com`;

const alarms = { email: MAIL_ADDRESS };

/** The stage's options, one deployment after the other. A key is permitted before it is used, as the runbook says. */
export const deployments = {
  first: (keyArn) => ({ alarms, dashboard: true, retiredKmsKeyArns: [keyArn] }),
  changed: (keyArn) => ({
    alarms,
    kmsKeyArn: keyArn,
    tracing: false,
    throttleRate: 20,
    throttleBurst: 40,
    logRetentionDays: 7,
    previousSecretGraceHours: 1,
  }),
  fifo: (keyArn) => ({ fifo: true, kmsKeyArn: keyArn }),
  bus: (keyArn) => ({
    fifo: true,
    eventBus: true,
    retiredKmsKeyArns: [keyArn],
    // 192.0.2.0/24 is for documentation: nobody sends from there.
    allowedSources: ['192.0.2.1'],
  }),
} satisfies Readonly<Record<string, (keyArn: string) => Options>>;

export type Deployment = keyof typeof deployments;
