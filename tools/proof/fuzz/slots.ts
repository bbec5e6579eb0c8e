/** A place of a payload that has a value. */
export interface Slot {
  readonly holder: object;
  readonly key: string;
}

/** Sets `__proto__` as a property like any other. */
export function put(holder: object, key: string, value: unknown): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

export function slotsOf(value: unknown): Slot[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [{ holder: value, key }, ...slotsOf(inner)]);
}

/** Puts what is made of each value into its place. */
export function replacing(made: (key: string, old: unknown) => unknown) {
  return (payload: unknown) => {
    for (const { holder, key } of slotsOf(payload)) put(holder, key, made(key, Reflect.get(holder, key)));
  };
}
