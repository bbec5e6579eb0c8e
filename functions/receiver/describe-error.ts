import * as v from 'valibot';
import { UnavailableError } from './retry.ts';

/** AWS errors whose message names only an action, a key or a resource. Other messages may repeat what was sent. */
const LOGGABLE_AWS_ERROR = /AccessDenied|NotFound|DoesNotExist|InvalidRequestException|KMS|Decryption/i;

/**
 * An error as an object for the log. It keeps only the messages of UnavailableError and of {@link LOGGABLE_AWS_ERROR}:
 * another message may contain the secret, because a parser quotes the response that it could not parse.
 */
export function describeError(error: unknown, depth = 0): Record<string, unknown> {
  const known = v.safeParse(loggable, error);
  if (!known.success) return { name: typeof error };
  const { name, code, message, stack, cause, $metadata } = known.output;
  const isSafe =
    error instanceof UnavailableError || ($metadata !== undefined && LOGGABLE_AWS_ERROR.test(String(name)));
  return {
    name,
    code,
    ...(isSafe ? { message } : { frames: framesOf(stack, message) }),
    ...($metadata && { status: $metadata.httpStatusCode, requestId: $metadata.requestId }),
    ...(cause !== undefined && depth < MAX_CAUSES && { cause: describeError(cause, depth + 1) }),
  };
}

/** A limit, because a chain of causes may be circular. */
const MAX_CAUSES = 4;

/** The first 5 frames of the stack. Skips the message at its start, which may have lines that look like frames. */
function framesOf(stack: string | undefined, message: string | undefined): string[] | undefined {
  const first = message?.split('\n').length ?? 1;
  return stack?.split('\n').slice(first, first + 5);
}

const text = v.fallback(v.optional(v.string()), undefined);

const loggable = v.object({
  /** Checked, because the name of an AWS error is from the response and may be any text. */
  name: v.fallback(v.optional(v.pipe(v.string(), v.regex(/^[a-z.]+$/i))), undefined),
  code: text,
  message: text,
  stack: text,
  cause: v.optional(v.unknown()),
  /** The SDK adds it to every error after a response of an AWS service. */
  $metadata: v.fallback(
    v.optional(v.object({ httpStatusCode: v.optional(v.number()), requestId: text })),
    undefined,
  ),
});
