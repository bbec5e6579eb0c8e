import { GUARD_HEADER, OrderError } from '../protocol.ts';

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
  throw new OrderError(answer.error, answer.field);
}
