import fc from 'fast-check';

type Choice<T> = readonly [weight: number, arbitrary: fc.Arbitrary<T>];

/** One of these, each as often as its weight says. */
export function weighted<T>(...choices: readonly Choice<T>[]): fc.Arbitrary<T> {
  return fc.oneof(...choices.map(([weight, arbitrary]) => ({ weight, arbitrary })));
}
