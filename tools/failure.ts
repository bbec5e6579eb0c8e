import * as v from 'valibot';

const coded = v.object({ code: v.string() });

/** What a log or a sentence calls an error: `AccessDenied`, `ECONNREFUSED`. */
export function nameOf(error: unknown): string {
  const found = v.safeParse(coded, error);
  if (found.success) return found.output.code;
  return error instanceof Error ? error.name : typeof error;
}

/** An error as one sentence, with what lies beneath it. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const named = error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
  const text = error.message === '' ? nameOf(error) : named;
  return error.cause === undefined ? text : `${text} (${sentenceOf(error.cause)})`;
}

/** Whether it is SQS that says so: there is no such queue, or none that these credentials may see. */
export function isNoQueue(error: unknown): boolean {
  return error instanceof Error && /QueueDoesNotExist|NonExistentQueue/.test(error.name);
}

/** Whether AWS refused it for want of a permission. */
export function isDenied(error: unknown): boolean {
  return error instanceof Error && /AccessDenied|NotAuthorized|AuthorizationError/.test(error.name);
}
