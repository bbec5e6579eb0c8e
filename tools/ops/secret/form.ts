import type { StoredKey } from '../../../functions/receiver/secret-value.ts';

type NamedKey = Pick<StoredKey, 'secret' | 'integration'>;

/** The simplest value that holds these keys. A key without a name beside keys with one gets the name "". */
export function formatSecretValue(keys: readonly NamedKey[]): string {
  const [first, ...others] = keys;
  if (keys.some(({ integration }) => integration !== undefined)) {
    const byName = Map.groupBy(keys, ({ integration = '' }) => integration);
    return JSON.stringify(Object.fromEntries([...byName].map(([name, group]) => [name, secretsOf(group)])));
  }
  // A key may begin as JSON does.
  const isBare = first !== undefined && others.length === 0 && !/^[[{]/.test(first.secret);
  return isBare ? first.secret : JSON.stringify(keys.map(({ secret }) => secret));
}

function secretsOf(keys: readonly NamedKey[]): string | string[] {
  const secrets = keys.map(({ secret }) => secret);
  return secrets.length === 1 ? (secrets[0] ?? secrets) : secrets;
}

/** Keys as people know them: how many, for what, and their fingerprints. */
export function inWords(keys: readonly StoredKey[]): string {
  if (keys.length === 0) return 'no key';
  const isNamed = keys.some(({ integration }) => integration !== undefined);
  return [...Map.groupBy(keys, ({ integration }) => integration)]
    .map(([name, group]) => {
      const count = group.length === 1 ? '1 key' : `${group.length} keys`;
      const whose = name === undefined ? (isNamed ? ' without a name' : '') : ` for ${name}`;
      return `${count}${whose} (${group.map(({ fingerprint }) => fingerprint).join(', ')})`;
    })
    .join(', ');
}
