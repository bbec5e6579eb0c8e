import { printable } from '../../cli/printable.ts';
import { bodyText, describeEntry, type Entry, reasonOf } from './entry.ts';
import type { Action, Fate, Place } from './move.ts';

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

/** What became of it, in the words of the list and of the summary. */
function verbOf(fate: Exclude<Fate, { kind: 'listed' }>, where: string): string {
  switch (fate.kind) {
    case 'sendable':
      return `would be sent${suffix(fate.place)}`;
    case 'sent':
      return `sent${suffix(fate.place)}`;
    case 'sentNotRemoved':
      return `sent${suffix(fate.place)} but still ${where}`;
    case 'invalid':
      return 'not valid';
    case 'refused':
      return 'refused by SQS';
    case 'unavailable':
      return 'not sent';
  }
}

const suffix = (place: Place) => (place === 'quarantine' ? ' to quarantine' : '');

/** @param where `in quarantine`, or another place for the sentences */
export function createTally(where: string): Tally {
  const counts = new Map<string, number>();
  const failures = new Set<Fate['kind']>();
  let total = 0;
  let oldest: Date | undefined;
  return {
    add(entry, fate) {
      const { sentAt } = entry;
      const key = fate.kind === 'listed' ? printable(reasonOf(entry)) : verbOf(fate, where);
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
      if (total === 0) return `Nothing to see ${where}.`;
      const parts = [...counts].map(([key, count]) => `${count} ${key}`).join(', ');
      return `${total} ${action === 'apply' ? 'looked at' : where}: ${parts}.`;
    },
    oldest: () => oldest,
  };
}

/** One message for the list: no body unless asked for. */
export function lines(entry: Entry, fate: Fate, { where, show }: { where: string; show: boolean }): string {
  const details = [...detailsOf(entry, fate, where), ...(show ? bodyText(entry).trimEnd().split('\n') : [])];
  return [describeEntry(entry), ...details.map((detail) => `    ${printable(detail)}`)].join('\n');
}

function detailsOf(entry: Entry, fate: Fate, where: string): readonly string[] {
  if (fate.kind === 'listed') {
    const { eventId, problems } = entry;
    return [...(eventId === undefined ? [] : [`event ${eventId}`]), ...problems];
  }
  const verb = verbOf(fate, where);
  switch (fate.kind) {
    case 'sendable':
    case 'sent':
      return [`${verb}${idOf(fate.place)}`];
    case 'sentNotRemoved':
      return [`${verb} (${fate.why}); the next run sends it again${idOf(fate.place)}`];
    case 'invalid':
      return fate.problems.map((problem) => `${verb}: ${problem}`);
    case 'refused':
    case 'unavailable':
      return [`${verb}: ${fate.why}`];
  }
}

const idOf = (place: Place) => (place === 'quarantine' ? '' : `: event ${place.eventId}`);
