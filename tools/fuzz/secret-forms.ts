import { createHash } from 'node:crypto';

/** A value of the secret, the keys in it, and what stands in it and is no key. */
export interface Secret {
  readonly value: string;
  readonly keys: readonly StoredKey[];
  readonly noKeys: readonly string[];
}

interface StoredKey {
  readonly secret: string;
  /** The name under which it is stored; undefined: it has none. */
  readonly integration: string | undefined;
}

/** The ways to write the value, each with white space around all of its parts. */
export const FORMS = ['bare', 'list', 'names'] as const;
export type Form = (typeof FORMS)[number];

const stored = (name: string, integration?: string): StoredKey => ({
  secret: `${name}-7f0e-secret-of-the-fuzzer`,
  integration,
});

export function secretOf(form: Form): Secret {
  switch (form) {
    case 'bare': {
      const key = stored('bare');
      return { value: `\uFEFF\n ${key.secret}\t\r\n`, keys: [key], noKeys: [`${key.secret}\r\n`] };
    }
    case 'list': {
      const keys = [stored('first'), stored('second')];
      const [first, second] = keys.map(({ secret }) => secret);
      const value = `\n [ "${first}",\t" ${second}\\n" ]\n`;
      return { value, keys, noKeys: [value, value.trim(), ` ${second}\n`] };
    }
    case 'names': {
      const keys = [
        stored('old', 'live'),
        stored('new', 'live'),
        stored('odd', 'constructor'),
        stored('no-name'),
      ];
      const [old, young, odd, nameless] = keys.map(({ secret }) => secret);
      const placeholder = 'q:5Zr~placeholder-of-a-fresh-stack';
      const value = ` { " live ": ["${old} ", "\\t${young}"], "constructor": "${odd}", "": [ "${nameless}" ], "placeholder": "${placeholder}" }\n`;
      return { value, keys, noKeys: [placeholder, 'live', ' live ', 'constructor', value] };
    }
  }
}

/** How the log names a key. */
export function fingerprintOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex').slice(0, 8);
}
