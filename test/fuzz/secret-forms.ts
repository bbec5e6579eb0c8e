/** A value of the secret, the keys in it, and what stands in it and is no key. */
export interface Secret {
  readonly value: string;
  /** With the name under which each is stored; undefined: it has none. */
  readonly keys: readonly { readonly secret: string; readonly integration: string | undefined }[];
  readonly noKeys: readonly string[];
}

const named = (name: string) => `${name}-7f0e-secret-of-the-fuzzer`;
const BARE = named('bare');
const [FIRST, SECOND] = [named('first'), named('second')];
const LIST = `\n [ "${FIRST}",\t" ${SECOND}\\n" ]\n`;
const [OLD, NEW, ODD, NAMELESS] = [named('old'), named('new'), named('odd'), named('no-name')];
const PLACEHOLDER = 'q:5Zr~placeholder-of-a-fresh-stack';
const NAMES = ` { " live ": ["${OLD} ", "\\t${NEW}"], "constructor": "${ODD}", "": [ "${NAMELESS}" ], "placeholder": "${PLACEHOLDER}" }\n`;

/** The ways to write the value, each with white space around all of its parts. */
export const SECRETS = {
  bare: {
    value: `\uFEFF\n ${BARE}\t\r\n`,
    keys: [{ secret: BARE, integration: undefined }],
    noKeys: [`${BARE}\r\n`],
  },
  list: {
    value: LIST,
    keys: [FIRST, SECOND].map((secret) => ({ secret, integration: undefined })),
    noKeys: [LIST, LIST.trim(), ` ${SECOND}\n`],
  },
  names: {
    value: NAMES,
    keys: [
      { secret: OLD, integration: 'live' },
      { secret: NEW, integration: 'live' },
      { secret: ODD, integration: 'constructor' },
      { secret: NAMELESS, integration: undefined },
    ],
    noKeys: [PLACEHOLDER, 'live', ' live ', 'constructor', NAMES],
  },
} satisfies Record<string, Secret>;

export const FORMS = ['bare', 'list', 'names'] as const;
