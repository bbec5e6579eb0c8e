import { describe, expect, it } from 'vitest';
import { createAllowList } from '../../../functions/receiver/sources.ts';

describe('an allow list', () => {
  const isAllowed = createAllowList(['203.0.113.0/24', '198.51.100.7', '2001:db8::/32', '2001:db9::1']);

  it.each([
    '203.0.113.0',
    '203.0.113.255',
    '198.51.100.7',
    '2001:db8::1',
    '2001:db8:ffff::',
    '2001:db9::1',
    '::ffff:198.51.100.7',
  ])('lets in what it names: %s', (address) => expect(isAllowed(address)).toBe(true));

  it.each(['203.0.114.0', '198.51.100.8', '2001:db9::2', '::1', '', 'nobody', '203.0.113.1, 1.1.1.1'])(
    'keeps out what it does not: "%s"',
    (address) => expect(isAllowed(address)).toBe(false),
  );

  it('that is empty lets everybody in', () => expect(createAllowList([])('')).toBe(true));

  it.each(['nobody', '203.0.113.0/33', '300.0.0.1'])('cannot be made of what is no address: %s', (entry) => {
    expect(() => createAllowList([entry])).toThrow();
  });
});
