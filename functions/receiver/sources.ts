import { BlockList, isIPv6 } from 'node:net';

/** Whether an address may send. */
export type IsAllowed = (address: string) => boolean;

/**
 * An allow list of addresses and ranges, IPv4 and IPv6; an empty one allows everybody.
 * @throws Error for an entry that is neither an address nor a range.
 */
export function createAllowList(entries: readonly string[]): IsAllowed {
  if (entries.length === 0) return () => true;
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const family = familyOf(address);
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => list.check(address, familyOf(address));
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIPv6(address) ? 'ipv6' : 'ipv4';
}
