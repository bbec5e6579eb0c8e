import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import * as v from 'valibot';
import { UnavailableError } from './attempt.ts';
import type { Drift } from './drift.ts';
import type { Outcome } from './receive.ts';

/** One log line and one count for a delivery. Nothing of its body, its signature or the secret is in them. */
export function report(outcome: Outcome, { logger, metrics }: { logger: Logger; metrics: Metrics }): void {
  metrics.addMetric(outcome.kind, MetricUnit.Count, 1);
  if ('stage' in outcome && outcome.stage === 'AWSPREVIOUS') {
    metrics.addMetric('VerifiedByPreviousKey', MetricUnit.Count, 1);
  }
  const { level, details } = lineOf(outcome);
  logger[level](outcome.kind, details);
}

function lineOf(outcome: Outcome): { level: 'info' | 'warn' | 'error'; details: Record<string, unknown> } {
  switch (outcome.kind) {
    case 'Accepted':
      return { level: 'info', details: { eventId: outcome.eventId, key: outcome.stage } };
    case 'Quarantined': {
      const { reason, problems } = outcome.why;
      return { level: 'warn', details: { reason, problems, key: outcome.stage } };
    }
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
  if (news.length > 0) logger.info('UnknownProperties', { properties: news });
}

/**
 * An error without what it may repeat: a parser's message quotes the answer that it could not parse, which may be the
 * secret. Only our own messages and those of an AWS service are kept.
 */
export function describe(error: unknown): Record<string, unknown> {
  const known = v.safeParse(loggable, error);
  if (!known.success) return { name: typeof error };
  const { name, code, message, stack, cause, $metadata } = known.output;
  const isSafe = error instanceof UnavailableError || $metadata !== undefined;
  return {
    name,
    code,
    ...(isSafe ? { message } : { frames: stack?.match(/^ +at .*$/gm)?.slice(0, 5) }),
    ...($metadata && { status: $metadata.httpStatusCode, requestId: $metadata.requestId }),
    ...(cause !== undefined && { cause: describe(cause) }),
  };
}

const text = v.fallback(v.optional(v.string()), undefined);

const loggable = v.object({
  name: text,
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
