import { GUARD_HEADER, type SendOrder } from '../protocol.ts';

/** @throws Error that can be shown to the user. */
export async function get<T>(path: string): Promise<T> {
  return read<T>(await reach(`/_inspector/${path}`));
}

/** @throws Error that can be shown to the user. */
export async function sendOrder<T>(order: SendOrder): Promise<T> {
  const headers = { 'content-type': 'application/json', [GUARD_HEADER]: 'page' };
  return read<T>(await reach('/_inspector/send', { method: 'POST', headers, body: JSON.stringify(order) }));
}

async function reach(path: string, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(path, init);
  } catch (cause) {
    throw new Error('The local stack does not answer; start it with "npm start".', { cause });
  }
}

async function read<T>(response: Response): Promise<T> {
  const answer = await response.json();
  if (response.ok) return answer;
  throw new Error(typeof answer?.error === 'string' ? answer.error : `The answer was ${response.status}.`);
}
