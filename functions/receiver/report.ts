import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import * as v from 'valibot';
import { UnavailableError } from './attempt.ts';
import type { Outcome } from './receive.ts';
import { UnusableSecretError } from './secret-version.ts';
import type { Key } from './signature.ts';

/** Where lines of the log go, an object each: its `outcome` is what became of a delivery, a `notice` is anything else. */
export type Logger = Readonly<
  Record<'info' | 'warn' | 'error', (line: Readonly<Record<string, unknown>>) => void>
>;

/**
 * Writes a log line and counts the metrics of each delivery. Nothing of its body, its signature or the secret is in
 * them. A property that the contract does not have is counted with each delivery, and logged by its path once.
 */
export function createReport({ logger, metrics }: { readonly logger: Logger; readonly metrics: Metrics }) {
  const logged = new Set<string>();

  return (outcome: Outcome): void => {
    for (const name of countsOf(outcome)) metrics.addMetric(name, MetricUnit.Count, 1);
    const { level, details } = lineOf(outcome);
    logger[level]({ outcome: outcome.kind, ...details });

    if (outcome.kind !== 'Accepted' || outcome.unknown.length === 0) return;
    metrics.addMetric('UnknownProperties', MetricUnit.Count, outcome.unknown.length);
    const news = [...new Set(outcome.unknown)].filter((path) => !logged.has(path));
    const properties = news.slice(0, MAX_PATHS - logged.size);
    for (const path of properties) logged.add(path);
    if (properties.length > 0) logger.info({ notice: 'UnknownProperties', properties });
  };
}

/** The most paths of unknown properties that one environment logs. */
const MAX_PATHS = 20;

/** The metrics that a delivery counts for. */
function countsOf(outcome: Outcome): string[] {
  return [
    outcome.kind,
    ...('key' in outcome && outcome.key.stage === 'AWSPREVIOUS' ? ['VerifiedByPreviousKey'] : []),
    ...('isReduced' in outcome && outcome.isReduced ? ['ReducedMessage'] : []),
    // Well-formed, and still wrong: the secret is, or someone forges. A scanner sends no signature at all.
    ...(outcome.kind === 'Refused' && outcome.reason === 'signature-mismatch' ? ['SignatureMismatch'] : []),
    ...(outcome.kind === 'Unavailable' && isPlaceholder(outcome.error) ? ['PlaceholderSecret'] : []),
  ];
}

function isPlaceholder({ cause }: UnavailableError): boolean {
  return cause instanceof UnusableSecretError && cause.isPlaceholder;
}

function lineOf(outcome: Outcome): { level: 'info' | 'warn' | 'error'; details: Record<string, unknown> } {
  switch (outcome.kind) {
    case 'Accepted': {
      const { eventId, isReduced, key } = outcome;
      return {
        level: isReduced ? 'warn' : 'info',
        details: { eventId, ...reduced(isReduced), ...named(key) },
      };
    }
    case 'Quarantined': {
      const { reason, problems, webhook } = outcome.why;
      const details = { reason, webhook, problems, ...reduced(outcome.isReduced), ...named(outcome.key) };
      return { level: 'warn', details };
    }
    case 'Probed':
      return { level: 'info', details: {} };
    case 'TooLarge':
      return { level: 'error', details: named(outcome.key) };
    case 'Refused':
      return { level: 'warn', details: { reason: outcome.reason } };
    case 'Unavailable':
      return {
        level: 'error',
        details: { dependency: outcome.error.dependency, failure: describeError(outcome.error) },
      };
  }
}

/** The key by its fingerprint, and the version that it is of: when the old key's last delivery came can be seen. */
function named({ fingerprint, stage }: Key) {
  return { key: fingerprint, version: stage };
}

function reduced(isReduced: boolean) {
  return isReduced ? { reduced: true } : {};
}

/** What AWS says of these names an action, a key or a resource; of another error it may repeat what was sent. */
const TELLING = /AccessDenied|NotFound|DoesNotExist|InvalidRequestException|KMS|Decryption/i;

/**
 * An error without what it may repeat: a parser's message quotes the answer that it could not parse, which may be the
 * secret. Only our own messages are kept, and those of AWS that tell an operator what to mend.
 */
export function describeError(error: unknown, depth = 0): Record<string, unknown> {
  const known = v.safeParse(loggable, error);
  if (!known.success) return { name: typeof error };
  const { name, code, message, stack, cause, $metadata } = known.output;
  const isSafe = error instanceof UnavailableError || ($metadata !== undefined && TELLING.test(String(name)));
  return {
    name,
    code,
    ...(isSafe ? { message } : { frames: framesOf(stack, message) }),
    ...($metadata && { status: $metadata.httpStatusCode, requestId: $metadata.requestId }),
    ...(cause !== undefined && depth < MAX_CAUSES && { cause: describeError(cause, depth + 1) }),
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
