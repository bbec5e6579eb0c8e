import * as v from 'valibot';

const list = v.pipe(
  v.union([v.string(), v.array(v.string())]),
  v.transform((one) => (typeof one === 'string' ? [one] : one)),
);
const statement = v.object({
  Effect: v.picklist(['Allow', 'Deny']),
  Principal: v.optional(v.union([v.literal('*'), v.record(v.string(), list)])),
  Action: v.optional(list),
  Resource: v.optional(list, '*'),
  Condition: v.optional(v.record(v.string(), v.record(v.string(), list)), {}),
});
type Statement = v.InferOutput<typeof statement>;

const statements = v.union([
  v.array(statement),
  v.pipe(
    statement,
    v.transform((one) => [one]),
  ),
]);
const policy = v.pipe(v.string(), v.parseJson(), v.object({ Statement: statements }));

const CLOUDWATCH = 'cloudwatch.amazonaws.com';

export interface Publishing {
  readonly topicArn: string;
  readonly alarmArn: string;
}

/** Undefined: it depends on what is not known here. */
type Verdict = boolean | undefined;

/** Whether the policy lets CloudWatch publish an alarm to its topic; undefined: not to be found out by reading it. */
export function letsCloudWatchPublish(text: string, publishing: Publishing): Verdict {
  const read = v.safeParse(policy, text);
  if (!read.success) return undefined;
  const fitting = (effect: Statement['Effect']) =>
    read.output.Statement.filter(({ Effect }) => Effect === effect).map((one) => fits(one, publishing));
  const denied = some(fitting('Deny'));
  const allowed = some(fitting('Allow'));
  if (denied === true || allowed === false) return false;
  return denied === false ? allowed : undefined;
}

function fits({ Principal, Action, Resource, Condition }: Statement, publishing: Publishing): Verdict {
  // NotPrincipal and NotAction are rare in a topic's policy, and easily read wrong.
  if (Principal === undefined || Action === undefined) return undefined;
  if (!isForCloudWatch(Principal)) return false;
  if (!Action.some((pattern) => matches(pattern.toLowerCase(), 'sns:publish'))) return false;
  if (!Resource.some((pattern) => matches(pattern, publishing.topicArn))) return false;
  return every(
    Object.entries(Condition).flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => holds(operator, key, values, publishing)),
    ),
  );
}

function isForCloudWatch(principal: NonNullable<Statement['Principal']>): boolean {
  if (principal === '*') return true;
  const { Service = [], AWS = [] } = principal;
  return Service.includes(CLOUDWATCH) || [...Service, ...AWS].includes('*');
}

function holds(operator: string, key: string, values: string[], publishing: Publishing): Verdict {
  const [, , , , account = ''] = publishing.alarmArn.split(':');
  const known: Readonly<Record<string, string>> = {
    'aws:sourceaccount': account,
    // SNS's own, in the policy that a topic has when it is made.
    'aws:sourceowner': account,
    'aws:sourcearn': publishing.alarmArn,
    'aws:securetransport': 'true',
  };
  const actual = known[key.toLowerCase()];
  const [, kind, not] =
    /^(String|Arn|Bool)(Not)?(?:Equals|Like|EqualsIgnoreCase)?(?:IfExists)?$/.exec(operator) ?? [];
  if (actual === undefined || kind === undefined) return undefined;
  const found = values.some((pattern) => matches(pattern, actual));
  return not === undefined ? found : !found;
}

/** `*` stands for any text, `?` for one character. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[\\^$.+()|[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`).test(text);
}

function some(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(true)) return true;
  return verdicts.includes(undefined) ? undefined : false;
}

function every(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}
