import { printable } from '../../cli/printable.ts';

/** What one check found. */
export type Finding =
  | { readonly kind: 'good' | 'unchecked'; readonly what: string }
  | { readonly kind: 'bad'; readonly what: string; readonly todo: string };

/** Takes what was found, as soon as it is known. */
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
