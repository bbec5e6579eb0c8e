import { printable } from '../../cli/printable.ts';
import type { Stack } from '../stack.ts';
import type { Change } from './change.ts';
import { inWords } from './form.ts';
import { DEFAULT_GRACE_HOURS, keysOf, type ReadVersion, type Versions } from './versions.ts';

/** Both versions for a person: ids, times, names and fingerprints, never a key. */
export function statusText(
  versions: Versions,
  outputs: Pick<Stack['outputs'], 'PreviousSecretGraceHours'>,
): string {
  const { current, previous, previousFailure, previousUntil: until } = versions;
  const meaning = until === undefined ? 'no longer works' : `works until ${until.toISOString()}`;
  const unread = previousFailure === undefined ? 'none' : `could not be read: ${previousFailure}`;
  const also = keysOf(current).map(({ secret }) => secret);
  const unless =
    outputs.PreviousSecretGraceHours === undefined
      ? ', unless it was deployed with another previousSecretGraceHours'
      : '';
  return [
    current ? block('AWSCURRENT ', current, 'in use', 'not usable') : 'AWSCURRENT   none: store the key',
    previous ? block('AWSPREVIOUS', previous, meaning, 'opens nothing', also) : `AWSPREVIOUS  ${unread}`,
    '',
    `Grace period: ${outputs.PreviousSecretGraceHours ?? DEFAULT_GRACE_HOURS} hours${unless}. ${whatVerifies(versions)}`,
  ].join('\n');
}

function whatVerifies({ current, previousFailure, previousUntil }: Versions): string {
  if (!current?.parsed.ok) return 'No key verifies deliveries until AWSCURRENT holds one that is usable.';
  if (previousFailure !== undefined)
    return 'The keys of AWSCURRENT verify deliveries; whether those of AWSPREVIOUS still do is not known.';
  return previousUntil === undefined
    ? 'Only the keys of AWSCURRENT verify deliveries.'
    : 'Until it ends, the keys of both versions verify deliveries; then only those of AWSCURRENT do.';
}

/** @param also the keys of the other version */
function block(
  label: string,
  version: ReadVersion,
  meaning: string,
  unusable: string,
  also: readonly string[] = [],
): string {
  const { createdAt, id = 'no id', parsed } = version;
  const said = parsed.ok ? meaning : `${unusable}: ${parsed.problem}`;
  const rows = keysOf(version).map(({ fingerprint, integration = '(no name)', secret }) =>
    [
      `  ${fingerprint}`,
      printable(integration),
      ...(also.includes(secret) ? ['also in AWSCURRENT'] : []),
    ].join('  '),
  );
  return [`${label}  stored ${createdAt.toISOString()}  ${id}  ${said}`, ...rows].join('\n');
}

/** What will be stored, before it is; never a key. */
export function announcement(secretName: string, { current }: Versions, change: Change): string {
  return [
    change.current && `${secretName} will hold ${inWords(change.current)}; was: ${valueInWords(current)}.`,
    change.previous && `AWSPREVIOUS will hold ${inWords(change.previous)}.`,
    ...change.consequences,
  ]
    .filter((line) => line !== undefined)
    .join('\n');
}

function valueInWords(version: ReadVersion | undefined): string {
  if (version === undefined) return 'nothing';
  const { parsed } = version;
  if (parsed.ok) return inWords(parsed.keys);
  return parsed.isPlaceholder
    ? 'the placeholder'
    : `a value that can't be used: ${parsed.problem.replace(/\.$/, '')}`;
}
