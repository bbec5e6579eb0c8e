import { type UserStatusCreated, userStatusCreated } from '../../contract/event.ts';
import type { Queues } from './receive.ts';

/** The most that one delivery counts, and that one environment logs. */
const MAX_NAMES = 20;

// A property's name could be any text, personal data included; the names that Veriff documents look like this.
const IDENTIFIER = /^[A-Za-z_$][\w$]{0,63}$/;

/** Properties of an accepted event that the contract does not have. */
export interface Drift {
  /** How many this delivery has, at most 20. */
  readonly count: number;
  /** The paths of those that no delivery to this environment had before. Never a value. */
  readonly news: readonly string[];
}

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

/** The paths of properties that the contract does not have; a name that is no identifier reads `(other)`. */
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

/** The same queues; an accepted event with properties that the contract does not have is reported. */
export function watchingDrift({ publish, quarantine }: Queues, report: (drift: Drift) => void): Queues {
  const seen = new Set<string>();

  function watch(event: UserStatusCreated): void {
    const unknown = unknownProperties(event);
    if (unknown.length === 0) return;
    const news = [...new Set(unknown)].filter((path) => !seen.has(path)).slice(0, MAX_NAMES - seen.size);
    for (const path of news) seen.add(path);
    report({ count: unknown.length, news });
  }

  return {
    quarantine,
    async publish(payload, delivery, deadline) {
      const published = await publish(payload, delivery, deadline);
      if (published.sent === 'confirmed' || published.sent === 'reduced') watch(payload.event);
      return published;
    },
  };
}
