import { randomBytes } from 'node:crypto';
import {
  PLACEHOLDER_NAME,
  parseSecretValue,
  type StoredKey,
} from '../../../functions/receiver/secret-value.ts';
import { printable } from '../../cli/printable.ts';

type NamedKeys = readonly Pick<StoredKey, 'secret' | 'integration'>[];

/** The simplest value that holds these keys; without any, one that opens nothing. */
export function secretValueOf(keys: NamedKeys): string {
  if (keys.length === 0) return JSON.stringify({ [PLACEHOLDER_NAME]: randomBytes(16).toString('hex') });
  const value = keys.some(({ integration }) => integration !== undefined) ? byName(keys) : list(keys);
  const parsed = parseSecretValue(value);
  if (!parsed.ok) throw new Error(parsed.problem);
  return value;
}

function list(keys: NamedKeys): string {
  const [first = '', ...others] = keys.map(({ secret }) => secret);
  // A key may begin as JSON does.
  return others.length === 0 && !/^[[{]/.test(first) ? first : JSON.stringify([first, ...others]);
}

/** A key without a name gets the name "". */
function byName(keys: NamedKeys): string {
  const entries = [...Map.groupBy(keys, ({ integration = '' }) => integration)].map(([name, group]) => {
    const [first, ...others] = group.map(({ secret }) => secret);
    return [name, others.length === 0 ? first : [first, ...others]];
  });
  return JSON.stringify(Object.fromEntries(entries));
}

/** Keys as people know them: how many, for what, and their fingerprints. */
export function inWords(keys: readonly StoredKey[]): string {
  if (keys.length === 0) return 'no key';
  const isNamed = keys.some(({ integration }) => integration !== undefined);
  return [...Map.groupBy(keys, ({ integration }) => integration)]
    .map(([name, group]) => {
      const count = group.length === 1 ? '1 key' : `${group.length} keys`;
      const whose = name === undefined ? (isNamed ? ' without a name' : '') : ` for ${printable(name)}`;
      return `${count}${whose} (${group.map(({ fingerprint }) => fingerprint).join(', ')})`;
    })
    .join(', ');
}
