import { GUARD_HEADER, type Refusal } from '../protocol.ts';

/** What the inspector said no to, and the field of the form that it blames. */
export class RefusedError extends Error {
  readonly field: string | undefined;
  constructor({ error, field }: Refusal) {
    super(error);
    this.field = field;
  }
}

/**
 * Without an order it reads.
 * @throws Error that can be shown to the user.
 */
export async function ask<T>(path: string, order?: unknown): Promise<T> {
  const headers = { 'content-type': 'application/json', [GUARD_HEADER]: 'page' };
  const init = order === undefined ? {} : { method: 'POST', headers, body: JSON.stringify(order) };
  const response = await fetch(`/_inspector/${path}`, init).catch((cause) => {
    throw new Error('The local stack does not answer; start it with "npm start".', { cause });
  });
  const answer = await response.json();
  if (response.ok) return answer;
  throw new RefusedError(answer);
}
