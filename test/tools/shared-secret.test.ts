import { expect, test } from 'vitest';
import { chooseSecret } from '../../tools/shared-secret.ts';

const several = '{"key-1":"one","key-2":"two"}';

test('takes a bare value as it is', () => {
  expect(chooseSecret('abc', 'key-1')).toEqual({ secret: 'abc' });
});

test('takes a bare value that happens to be JSON as it is', () => {
  expect(chooseSecret('1234', undefined)).toEqual({ secret: '1234' });
});

test('takes the only key of a map, and names its integration', () => {
  expect(chooseSecret('{"key-1":"one"}', undefined)).toEqual({ secret: 'one', client: 'key-1' });
});

test('takes the key of the integration that was named', () => {
  expect(chooseSecret(several, 'key-2')).toEqual({ secret: 'two', client: 'key-2' });
});

test.each([undefined, 'key-3'])('lists the integrations when %s names none of several', (client) => {
  expect(() => chooseSecret(several, client)).toThrow('expected one of the integrations key-1, key-2');
});

test('refuses the placeholder of a fresh stack', () => {
  expect(() => chooseSecret('{"placeholder":"x"}', undefined)).toThrow('placeholder');
});
