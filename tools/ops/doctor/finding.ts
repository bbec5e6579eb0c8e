import { remedyFor, sentenceOf } from '../../cli/failure.ts';
import { printable } from '../../cli/printable.ts';

/** What one check found. */
export type Finding =
  | { readonly kind: 'good' | 'unchecked'; readonly what: string }
  | { readonly kind: 'bad'; readonly what: string; readonly todo: string };

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

type Tried<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Finding };

/** A check that could not be made is a fault, too: nobody knows whether all is well. */
export async function tried<T>(name: string, check: () => Promise<T>): Promise<Tried<T>> {
  try {
    return { ok: true, value: await check() };
  } catch (error) {
    return { ok: false, fault: faultOf(name, error) };
  }
}

export function faultOf(name: string, error: unknown): Finding {
  return bad(
    `${name}: could not be checked: ${sentenceOf(error)}`,
    remedyFor(error) ?? 'mend that and run it again',
  );
}

export async function surely(name: string, check: () => Promise<Finding>): Promise<Finding> {
  const result = await tried(name, check);
  return result.ok ? result.value : result.fault;
}
