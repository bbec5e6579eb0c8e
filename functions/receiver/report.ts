import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import * as v from 'valibot';
import { UnavailableError } from './attempt.ts';
import type { Outcome } from './receive.ts';
import { UnusableSecretError } from './secret-version.ts';
import type { Key } from './signature.ts';

/** Writes log lines, each an object. The line of a delivery has `outcome`; any other line has `notice`. */
export type Logger = Readonly<
  Record<'info' | 'warn' | 'error', (line: Readonly<Record<string, unknown>>) => void>
>;

/**
 * Writes the log line and the metrics of each delivery. They never have values of the body, the signature or the secret.
 * A property that is not in the contract is counted in each delivery, but its path is logged only once.
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

/** The names of the metrics that a delivery adds 1 to. */
function countsOf(outcome: Outcome): string[] {
  return [
    outcome.kind,
    ...('key' in outcome && outcome.key.stage === 'AWSPREVIOUS' ? ['VerifiedByPreviousKey'] : []),
    ...('isReduced' in outcome && outcome.isReduced ? ['ReducedMessage'] : []),
    // No key made this well-formed signature: the stored secret is wrong, or someone forges. Scanners send no signature.
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
        details: { eventId, ...reduced(isReduced), ...keyDetails(key) },
      };
    }
    case 'Quarantined': {
      const { reason, problems, webhook } = outcome.why;
      const details = {
        reason,
        webhook,
        problems,
        ...reduced(outcome.isReduced),
        ...keyDetails(outcome.key),
      };
      return { level: 'warn', details };
    }
    case 'Probed':
      return { level: 'info', details: {} };
    case 'TooLarge':
      return { level: 'error', details: keyDetails(outcome.key) };
    case 'Refused':
      return { level: 'warn', details: { reason: outcome.reason } };
    case 'Unavailable':
      return {
        level: 'error',
        details: { dependency: outcome.error.dependency, failure: describeError(outcome.error) },
      };
  }
}

/** The key's fingerprint and the label of its version, so that operators see when an old key was last used. */
function keyDetails({ fingerprint, stage }: Key) {
  return { key: fingerprint, version: stage };
}

function reduced(isReduced: boolean) {
  return isReduced ? { reduced: true } : {};
}

/** AWS errors whose message names only an action, a key or a resource. Other messages may repeat what was sent. */
const LOGGABLE_AWS_ERROR = /AccessDenied|NotFound|DoesNotExist|InvalidRequestException|KMS|Decryption/i;

/**
 * An error as an object for the log. It keeps only our own messages and those of {@link LOGGABLE_AWS_ERROR}: another
 * message may contain the secret, because a parser quotes the response that it could not parse.
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
  /** Only errors in responses of AWS services have it. */
  $metadata: v.fallback(
    v.optional(v.object({ httpStatusCode: v.optional(v.number()), requestId: text })),
    undefined,
  ),
});
