import { describeError } from './describe-error.ts';
import type { Level, Log } from './log.ts';
import type { Outcome } from './receive.ts';
import type { UnavailableError } from './retry.ts';
import { UnusableSecretError } from './secret-version.ts';
import type { Key } from './signature.ts';

/**
 * Writes one line for each delivery, with its metrics. It never has values of the body, the signature or the secret. A
 * property that is not in the contract is counted in each delivery, but an environment logs its path only once.
 */
export function createReport(log: Log) {
  const logged = new Set<string>();
  let isCold = true;

  /** The paths that are to be logged with this delivery. */
  function newPaths(outcome: Outcome): readonly string[] {
    if (outcome.kind !== 'Accepted') return [];
    const paths = [...new Set(outcome.unknown)].filter((path) => !logged.has(path));
    const some = paths.slice(0, MAX_LOGGED_PATHS - logged.size);
    for (const path of some) logged.add(path);
    return some;
  }

  return (outcome: Outcome, isFromTools = false): void => {
    const { level, details } = lineOf(outcome);
    const paths = newPaths(outcome);
    log(
      level,
      { outcome: outcome.kind, ...details, ...(paths.length > 0 && { unknownProperties: paths }) },
      { ...countsOf(outcome, isFromTools), ...(isCold && { ColdStart: 1 }) },
    );
    isCold = false;
  };
}

/** The most paths of unknown properties that one environment logs. */
const MAX_LOGGED_PATHS = 20;

/** What a delivery adds to each metric. */
function countsOf(outcome: Outcome, isFromTools: boolean): Record<string, number> {
  const isStored = outcome.kind === 'Accepted' || outcome.kind === 'Quarantined';
  // Well-formed, but signed with none of our keys: the stored secret is wrong, or someone forges deliveries. Scanners are
  // not among them, because they send no signature.
  const isMismatch = outcome.kind === 'Refused' && outcome.reason === 'signature-mismatch';
  return {
    [outcome.kind]: 1,
    ...(isMismatch && { SignatureMismatch: 1 }),
    ...(isFromTools && isStored && { StoredFromTools: 1 }),
    ...(isFromTools && isMismatch && { SignatureMismatchFromTools: 1 }),
    ...('key' in outcome && outcome.key.label === 'AWSPREVIOUS' && { VerifiedByPreviousKey: 1 }),
    ...('isReduced' in outcome && outcome.isReduced && { ReducedMessage: 1 }),
    ...('unknown' in outcome && outcome.unknown.length > 0 && { UnknownProperties: outcome.unknown.length }),
    ...(outcome.kind === 'Unavailable' && isPlaceholder(outcome.error) && { PlaceholderSecret: 1 }),
  };
}

function isPlaceholder({ cause }: UnavailableError): boolean {
  return cause instanceof UnusableSecretError && cause.isPlaceholder;
}

function lineOf(outcome: Outcome): { level: Level; details: Record<string, unknown> } {
  switch (outcome.kind) {
    case 'Accepted': {
      const { eventId, isReduced, key } = outcome;
      return {
        level: isReduced ? 'WARN' : 'INFO',
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
      return { level: 'WARN', details };
    }
    case 'Probed':
      return { level: 'INFO', details: {} };
    case 'TooLarge':
      return { level: 'ERROR', details: keyDetails(outcome.key) };
    case 'Refused':
      return { level: 'WARN', details: { reason: outcome.reason } };
    case 'Unavailable':
      return {
        level: 'ERROR',
        details: { dependency: outcome.error.dependency, failure: describeError(outcome.error) },
      };
  }
}

/** The key's fingerprint shows operators when an old key was last used. */
function keyDetails({ fingerprint, label }: Key) {
  return { key: fingerprint, ...(label !== 'AWSCURRENT' && { version: label }) };
}

function reduced(isReduced: boolean) {
  return isReduced ? { reduced: true } : {};
}
