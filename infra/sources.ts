import { isIP } from 'node:net';
import * as v from 'valibot';
import published from './veriff-addresses.json' with { type: 'json' };

const named: Readonly<Record<string, readonly string[]>> = {
  'veriff-eu': published['veriff-eu'],
  'veriff-us': published['veriff-us'],
};

const ALLOWED = `${Object.keys(named).join(', ')}, an address (203.0.113.7) or a range (203.0.113.0/24)`;

/** The schema of a source: a name of published addresses, an address or a range. */
export const source = v.pipe(
  v.string(ALLOWED),
  v.check((entry) => Object.hasOwn(named, entry) || isAddressOrRange(entry), ALLOWED),
);

/** Replaces the names among the sources by their addresses and ranges. */
export function addressesOf(sources: readonly string[]): string[] {
  return sources.flatMap((entry) => named[entry] ?? [entry]);
}

function isAddressOrRange(entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/');
  const bits = { 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (bits < 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) > 0 && Number(prefix) <= bits);
}
