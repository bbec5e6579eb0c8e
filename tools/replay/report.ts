import { bodyText, describeEntry, type Entry, printable } from './entry.ts';
import type { Action, Fate } from './replay-quarantine.ts';

/** What one run saw, counted. */
export interface Tally {
  add(entry: Entry, fate: Fate): void;
  readonly total: number;
  /** Whether all that could be moved was. */
  readonly ok: boolean;
  /** One line for the end. */
  summary(action: Action): string;
  /** When the first of those left came; undefined: none is left. */
  oldest(): Date | undefined;
}

const VERBS: Readonly<Record<Exclude<Fate['kind'], 'listed'>, string>> = {
  sendable: 'would be sent',
  invalid: 'not valid',
  sent: 'sent',
  sentNotRemoved: 'sent but still in quarantine',
  refused: 'refused by SQS',
  unavailable: 'not sent',
};

export function createTally(): Tally {
  const counts = new Map<string, number>();
  const failures = new Set<Fate['kind']>();
  let total = 0;
  let oldest: Date | undefined;
  return {
    add({ reason, sentAt }, fate) {
      const key = fate.kind === 'listed' ? printable(reason) : VERBS[fate.kind];
      counts.set(key, (counts.get(key) ?? 0) + 1);
      if (fate.kind === 'sentNotRemoved' || fate.kind === 'unavailable') failures.add(fate.kind);
      total += 1;
      if (fate.kind !== 'sent' && (oldest === undefined || sentAt < oldest)) oldest = sentAt;
    },
    get total() {
      return total;
    },
    get ok() {
      return failures.size === 0;
    },
    summary(action) {
      if (total === 0) return 'Nothing to see in quarantine.';
      const parts = [...counts].map(([key, count]) => `${count} ${key}`).join(', ');
      return `${total} ${action === 'apply' ? 'looked at' : 'in quarantine'}: ${parts}.`;
    },
    oldest: () => oldest,
  };
}

/** One delivery for the list: no body unless asked for. */
export function lines(entry: Entry, fate: Fate, show: boolean): string {
  const details = [...detailsOf(entry, fate), ...(show ? bodyText(entry).trimEnd().split('\n') : [])];
  return [describeEntry(entry), ...details.map((detail) => `    ${detail}`)].join('\n');
}

function detailsOf(entry: Entry, fate: Fate): readonly string[] {
  switch (fate.kind) {
    case 'listed':
      return entry.problems.map(printable);
    case 'sendable':
    case 'sent':
      return [`${VERBS[fate.kind]}: event ${fate.eventId}`];
    case 'sentNotRemoved':
      return [`${VERBS[fate.kind]} (${fate.why}); the next run sends it again: event ${fate.eventId}`];
    case 'invalid':
      return fate.problems.map((problem) => `${VERBS.invalid}: ${problem}`);
    case 'refused':
    case 'unavailable':
      return [`${VERBS[fate.kind]}: ${fate.why}`];
  }
}
