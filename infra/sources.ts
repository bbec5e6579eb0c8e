import { isIP } from 'node:net';
import * as v from 'valibot';
import published from './veriff-addresses.json' with { type: 'json' };

const named: Readonly<Record<string, readonly string[]>> = {
  'veriff-eu': published['veriff-eu'],
  'veriff-us': published['veriff-us'],
};

/** Names and addresses, separated by commas; gives addresses and ranges. */
export function sources() {
  const allowed = `${Object.keys(named).join(', ')}, addresses (203.0.113.7) and ranges (203.0.113.0/24), separated by commas`;
  return v.pipe(
    v.string(allowed),
    v.transform((list) => list.split(',').flatMap((entry) => named[entry.trim()] ?? [entry.trim()])),
    v.check((entries) => entries.every(isAddressOrRange), allowed),
  );
}

function isAddressOrRange(entry: string): boolean {
  const [address = '', prefix, ...rest] = entry.split('/');
  const bits = { 4: 32, 6: 128 }[isIP(address)] ?? -1;
  if (bits < 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) > 0 && Number(prefix) <= bits);
}
