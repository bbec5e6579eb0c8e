import * as v from 'valibot';

/** AWS writes a list of one without brackets, or with them. */
const oneOrMore = <T>(schema: v.GenericSchema<unknown, T>) =>
  v.pipe(
    v.unknown(),
    v.transform((given) => [given].flat()),
    v.array(schema),
  );
const texts = oneOrMore(v.string());
const statement = v.object({
  Effect: v.picklist(['Allow', 'Deny']),
  Principal: v.optional(v.union([v.literal('*'), v.record(v.string(), texts)])),
  Action: v.optional(texts),
  Resource: v.optional(texts, '*'),
  Condition: v.optional(v.record(v.string(), v.record(v.string(), texts)), {}),
});
type Statement = v.InferOutput<typeof statement>;
const policy = v.pipe(v.string(), v.parseJson(), v.object({ Statement: oneOrMore(statement) }));

/**
 * 1 for yes, 0 for no, {@link UNKNOWN} where it depends on what is not known here. Kleene's logic: "and" is the least,
 * "or" the greatest, "not" is 1 − x.
 */
type Verdict = number;
export const UNKNOWN: Verdict = 0.5;

export interface Publishing {
  readonly topicArn: string;
  readonly alarmArn: string;
}

export function letsCloudWatchPublish(text: string, publishing: Publishing): Verdict {
  const read = v.safeParse(policy, text);
  if (!read.success) return UNKNOWN;
  const one = (effect: Statement['Effect']): Verdict => {
    const statements = read.output.Statement.filter(({ Effect }) => Effect === effect);
    return Math.max(0, ...statements.map((given) => fits(given, publishing)));
  };
  return Math.min(one('Allow'), 1 - one('Deny'));
}

function fits({ Principal, Action, Resource, Condition }: Statement, publishing: Publishing): Verdict {
  // NotPrincipal and NotAction are rare in a topic's policy, and easily read wrong.
  if (Principal === undefined || Action === undefined) return UNKNOWN;
  const principals = Principal === '*' ? ['*'] : Object.values(Principal).flat();
  const isFor =
    principals.some((one) => one === '*' || one === 'cloudwatch.amazonaws.com') &&
    Action.some((pattern) => matches(pattern.toLowerCase(), 'sns:publish')) &&
    Resource.some((pattern) => matches(pattern, publishing.topicArn));
  const conditions = Object.entries(Condition).flatMap(([operator, keys]) =>
    Object.entries(keys).map(([key, values]) => holds(operator, key, values, publishing)),
  );
  return isFor ? Math.min(1, ...conditions) : 0;
}

function holds(operator: string, key: string, values: string[], { alarmArn }: Publishing): Verdict {
  const [, , , , account] = alarmArn.split(':');
  const known = new Map([
    ['aws:sourceaccount', account],
    // SNS's own, in the policy that a topic has when it is made.
    ['aws:sourceowner', account],
    ['aws:sourcearn', alarmArn],
    ['aws:securetransport', 'true'],
  ]);
  const actual = known.get(key.toLowerCase());
  const [, kind, not] =
    /^(String|Arn|Bool)(Not)?(?:Equals|Like|EqualsIgnoreCase)?(?:IfExists)?$/.exec(operator) ?? [];
  if (actual === undefined || kind === undefined) return UNKNOWN;
  const isFound = values.some((pattern) => matches(pattern, actual));
  return isFound === (not === undefined) ? 1 : 0;
}

/** `*` stands for any text, `?` for one character. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[\\^$.+()|[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}
