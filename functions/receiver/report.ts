import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import * as v from 'valibot';
import { UnavailableError } from './attempt.ts';
import type { Drift } from './drift.ts';
import type { Outcome } from './receive.ts';

/** Where lines of the log go, an object each: its `outcome` is what became of a delivery, a `notice` is anything else. */
export type Logger = Readonly<
  Record<'info' | 'warn' | 'error', (line: Readonly<Record<string, unknown>>) => void>
>;

/** One log line and one count for a delivery. Nothing of its body, its signature or the secret is in them. */
export function report(outcome: Outcome, { logger, metrics }: { logger: Logger; metrics: Metrics }): void {
  metrics.addMetric(outcome.kind, MetricUnit.Count, 1);
  if ('stage' in outcome && outcome.stage === 'AWSPREVIOUS') {
    metrics.addMetric('VerifiedByPreviousKey', MetricUnit.Count, 1);
  }
  if (outcome.kind === 'Refused' && MISMATCHES.has(outcome.reason)) {
    metrics.addMetric('SignatureMismatch', MetricUnit.Count, 1);
  }
  if (outcome.kind === 'Unavailable' && isPlaceholder(outcome.error)) {
    metrics.addMetric('PlaceholderSecret', MetricUnit.Count, 1);
  }
  const { level, details } = lineOf(outcome);
  logger[level]({ outcome: outcome.kind, ...details });
}

/** Well-formed, and still wrong: the secret is, or someone forges. A scanner sends no signature at all. */
const MISMATCHES = new Set<string>(['signature-mismatch', 'integration-unknown']);

/** Counts once more what this project's own tools sent, so that the doctor can tell it from what Veriff sends. */
export function countFromTools(outcome: Outcome, metrics: Metrics): void {
  const isMismatch = outcome.kind === 'Refused' && MISMATCHES.has(outcome.reason);
  const name = isMismatch ? 'SignatureMismatch' : outcome.kind;
  if (isMismatch || name === 'Accepted') metrics.addMetric(`${name}FromTools`, MetricUnit.Count, 1);
}

function isPlaceholder({ cause }: UnavailableError): boolean {
  return cause instanceof UnavailableError && cause.isPlaceholder;
}

function lineOf(outcome: Outcome): { level: 'info' | 'warn' | 'error'; details: Record<string, unknown> } {
  switch (outcome.kind) {
    case 'Accepted':
      return { level: 'info', details: { eventId: outcome.eventId, key: outcome.stage } };
    case 'Quarantined': {
      const { reason, problems } = outcome.why;
      return { level: 'warn', details: { reason, problems, key: outcome.stage } };
    }
    case 'Probed':
      return { level: 'info', details: {} };
    case 'TooLarge':
      return { level: 'error', details: { key: outcome.stage } };
    case 'Refused':
      return { level: 'warn', details: { reason: outcome.reason } };
    case 'Unavailable':
      return {
        level: 'error',
        details: { dependency: outcome.error.dependency, failure: describe(outcome.error) },
      };
  }
}

/** Data that Veriff added: counted with each delivery that has it, named in the log once per environment. */
export function reportDrift(
  { count, news }: Drift,
  { logger, metrics }: { logger: Logger; metrics: Metrics },
): void {
  metrics.addMetric('UnknownProperties', MetricUnit.Count, count);
  if (news.length > 0) logger.info({ notice: 'UnknownProperties', properties: news });
}

/** What AWS says of these names an action, a key or a resource; of another error it may repeat what was sent. */
const TELLING = /AccessDenied|NotFound|DoesNotExist|KMS|Decryption/i;

/**
 * An error without what it may repeat: a parser's message quotes the answer that it could not parse, which may be the
 * secret. Only our own messages are kept, and those of AWS that tell an operator what to mend.
 */
export function describe(error: unknown, depth = 0): Record<string, unknown> {
  const known = v.safeParse(loggable, error);
  if (!known.success) return { name: typeof error };
  const { name, code, message, stack, cause, $metadata } = known.output;
  const isSafe = error instanceof UnavailableError || ($metadata !== undefined && TELLING.test(String(name)));
  return {
    name,
    code,
    ...(isSafe ? { message } : { frames: framesOf(stack, message) }),
    ...($metadata && { status: $metadata.httpStatusCode, requestId: $metadata.requestId }),
    ...(cause !== undefined && depth < MAX_CAUSES && { cause: describe(cause, depth + 1) }),
  };
}

/** A chain of causes that bites its tail ends here. */
const MAX_CAUSES = 4;

/** Where an error came from. The stack repeats the message first, and that may have lines that look like frames. */
function framesOf(stack: string | undefined, message: string | undefined): string[] | undefined {
  const first = message?.split('\n').length ?? 1;
  return stack?.split('\n').slice(first, first + 5);
}

const text = v.fallback(v.optional(v.string()), undefined);

const loggable = v.object({
  /** An AWS error is named by the answer, which may be any text. */
  name: v.fallback(v.optional(v.pipe(v.string(), v.regex(/^[a-z.]+$/i))), undefined),
  code: text,
  message: text,
  stack: text,
  cause: v.optional(v.unknown()),
  /** The mark of an answer that an AWS service gave. */
  $metadata: v.fallback(
    v.optional(v.object({ httpStatusCode: v.optional(v.number()), requestId: text })),
    undefined,
  ),
});
