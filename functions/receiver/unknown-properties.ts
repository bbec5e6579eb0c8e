import { type UserStatusCreated, userStatusCreated } from '../../contract/event.ts';

/** The most properties that are reported for one delivery. */
const MAX_NAMES = 20;

// Other names are not logged: a property's name could be any text, even personal data. Veriff's names are of this form.
const IDENTIFIER = /^[A-Za-z_$][\w$]{0,63}$/;

const { data } = userStatusCreated.entries;
const { verification } = data.entries;
const { userDefinedData } = verification.entries;

const levels = [
  level('', userStatusCreated, (event) => event),
  level('data.', data, (event) => event.data),
  level('data.verification.', verification, (event) => event.data.verification),
  level(
    'data.verification.userDefinedData.',
    userDefinedData,
    (event) => event.data.verification.userDefinedData,
  ),
];

function level(path: string, schema: { readonly entries: object }, of: (event: UserStatusCreated) => object) {
  return { path, known: new Set(Object.keys(schema.entries)), of };
}

/**
 * The paths of an event's properties that are not in the contract, at most 20, without their values. A name that is not
 * an identifier is replaced by `(other)`.
 */
export function unknownProperties(event: UserStatusCreated): readonly string[] {
  const found: string[] = [];
  for (const { path, known, of } of levels) {
    for (const name of Object.keys(of(event))) {
      if (known.has(name)) continue;
      found.push(`${path}${IDENTIFIER.test(name) ? name : '(other)'}`);
      if (found.length === MAX_NAMES) return found;
    }
  }
  return found;
}
