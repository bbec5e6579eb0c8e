import type { StoredKey } from '../../../functions/receiver/secret-value.ts';
import type { Stack } from '../stack.ts';
import { graceHours, keysOf, previousWorksUntil, type ReadVersion, type Versions } from './versions.ts';

/** Both versions for a person: ids, times, names and fingerprints, never a key. */
export function describeVersions(versions: Versions, outputs: Stack['outputs'], now: Date): string {
  const { current, previous, previousFailure } = versions;
  const until = previousWorksUntil(versions, outputs, now);
  const meaning = until === undefined ? 'no longer works' : `works until ${until.toISOString()}`;
  return [
    current === undefined
      ? 'AWSCURRENT   none: store the key'
      : block('AWSCURRENT', current, 'in use', 'not usable'),
    previous === undefined
      ? `AWSPREVIOUS  ${previousFailure === undefined ? 'none' : `could not be read: ${previousFailure}`}`
      : block('AWSPREVIOUS', previous, meaning, 'opens nothing', keysOf(current)),
    '',
    grace(until, outputs),
  ].join('\n');
}

function block(
  label: string,
  version: ReadVersion,
  meaning: string,
  unusable: string,
  newer: readonly StoredKey[] = [],
): string {
  const { createdAt, id, parsed } = version;
  const said = parsed.ok ? meaning : `${unusable}: ${parsed.problem}`;
  const rows = keysOf(version).map(({ fingerprint, integration, secret }) => {
    const again = newer.some((key) => key.secret === secret) ? 'also in AWSCURRENT' : '';
    return `  ${fingerprint}  ${[integration ?? '(no name)', again].filter(Boolean).join('  ')}`;
  });
  return [`${label.padEnd(11)}  stored ${createdAt.toISOString()}  ${id ?? 'no id'}  ${said}`, ...rows].join(
    '\n',
  );
}

function grace(until: Date | undefined, outputs: Stack['outputs']): string {
  const known =
    outputs.PreviousSecretGraceHours === undefined
      ? ', unless it was deployed with another previousSecretGraceHours'
      : '';
  const period = `Grace period: ${graceHours(outputs)} hours${known}.`;
  return until === undefined
    ? `${period} Only the keys of AWSCURRENT verify deliveries.`
    : `${period} Until it ends, the keys of both versions verify deliveries; then only those of AWSCURRENT do.`;
}
