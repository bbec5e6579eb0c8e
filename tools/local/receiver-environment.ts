import type { ReceiverEnv } from '../../functions/receiver/config.ts';

/** What the stack and Lambda give the function, for one that runs in this process; nobody answers at these addresses. */
export const RECEIVER_ENVIRONMENT = {
  QUEUE_URL: 'http://queue.invalid/000000000000/main',
  QUARANTINE_QUEUE_URL: 'http://queue.invalid/000000000000/quarantine',
  SECRET_ID: 'veriff',
  PREVIOUS_SECRET_GRACE_HOURS: '24',
  ALLOWED_SOURCES: '',
  TRACING: 'on',
  METRICS_SERVICE: 'receiver',
  METRICS_NAMESPACE: 'receiver',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
} satisfies ReceiverEnv & Record<string, string>;
