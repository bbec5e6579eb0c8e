import type { StoredKey } from '../../../functions/receiver/secret-value.ts';
import { printable } from '../../cli/printable.ts';
import type { Stack } from '../stack.ts';
import type { Alarm } from './alarms.ts';

export type Finding =
  | { readonly kind: 'good' | 'unchecked'; readonly what: string }
  | { readonly kind: 'bad'; readonly what: string; readonly todo: string };

export type Report = (finding: Finding) => void;

export const good = (what: string): Finding => ({ kind: 'good', what });
export const bad = (what: string, todo: string): Finding => ({ kind: 'bad', what, todo });
export const unchecked = (what: string): Finding => ({ kind: 'unchecked', what });

const MARKS = { good: '✓', bad: '✗', unchecked: '–' };

export function line(finding: Finding): string {
  const todo = finding.kind === 'bad' ? `; ${finding.todo}` : '';
  // What an SDK says of an error may have several lines.
  return printable(`${MARKS[finding.kind]} ${finding.what}${todo}`.replace(/\s*\n\s*/g, ' '));
}

/** The section of the runbook that a text names. */
export function sectionOf(text: string): string | undefined {
  return /#([a-z0-9-]+)/.exec(text)?.[1];
}

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
  /** Those that are there, and how SQS says that they are encrypted. */
  readonly queues: {
    readonly url: string;
    readonly KmsMasterKeyId: string | undefined;
    readonly SqsManagedSseEnabled: string | undefined;
  }[];
  alarms?: readonly Alarm[];
}
