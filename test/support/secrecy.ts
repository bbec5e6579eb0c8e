import { expect } from 'vitest';
import { EVENT_TYPES } from '../../contract/event.ts';

/** Stands for everything personal, and in every text that a payload holds. */
export const PRIVATE = 'PRIVATE-7d2e';

/** The payload with the mark in each of its texts, and in a property that nobody knows. */
export function marked(body: string): string {
  const mark = (_: string, value: unknown) =>
    typeof value === 'string' && !isFixed(value) ? PRIVATE + value : value;
  try {
    return JSON.stringify({ ...JSON.parse(body, mark), [`${PRIVATE}-key`]: PRIVATE });
  } catch {
    return `${body} ${PRIVATE}`;
  }
}

/** What makes a payload an event; with a mark in it each sample would be none. */
function isFixed(text: string): boolean {
  return text === '' || EVENT_TYPES.some((type) => type === text) || /^\d{4}-\d\d-\d\dT/.test(text);
}

/** Whether no text holds a secret thing, nor a piece of it that is long enough to tell. */
export function expectNothingOf(secrets: readonly string[], texts: readonly string[]): void {
  const all = texts.join('\n').toLowerCase();
  for (const secret of secrets) {
    const forms = [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)];
    for (const form of forms) {
      for (let at = 0; at === 0 || at + 12 <= form.length; at += 1) {
        const piece = form.slice(at, at + 12).toLowerCase();
        if (all.includes(piece)) expect.fail(`"${piece}" of "${form}" is in: ${lineWith(piece, texts)}`);
      }
    }
  }
}

function lineWith(piece: string, texts: readonly string[]): string {
  return texts.find((text) => text.toLowerCase().includes(piece))?.slice(0, 500) ?? '';
}
