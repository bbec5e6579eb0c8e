import type { StoredKey } from '../../../functions/receiver/secret-value.ts';
import type { Stack } from '../stack.ts';
import type { Alarm } from './alarms.ts';
import type { Report } from './finding.ts';

/** What each check is given, and what those before it have found. */
export interface Examination {
  readonly stack: Stack;
  readonly report: Report;
  /** Ends a check in order: what it hid or changed is put back. */
  readonly signal: AbortSignal;
  /** Sections of the runbook that were named: an alarm that fires for the same is not said again. */
  readonly said: Set<string>;
  /** A key that verifies, and when the secret was stored. */
  inUse?: { readonly key: StoredKey; readonly createdAt: Date };
  isWebhookWell?: boolean;
  /** Those that are there. */
  readonly queues: Queue[];
  alarms?: readonly Alarm[];
}

/** A queue, and how SQS says that it is encrypted. */
interface Queue {
  readonly url: string;
  readonly KmsMasterKeyId: string | undefined;
  readonly SqsManagedSseEnabled: string | undefined;
}
