import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as v from 'valibot';
import { closest } from './closest.ts';
import { addressesOf, source } from './sources.ts';

const ZONE_ID = 'the id of a hosted zone (Z…)';

/** What can be configured, with `-c key=value` or under `context` in cdk.json. A message says what is allowed. */
const schema = v.object({
  /**
   * Names the stack `veriff-status-receiver-<stage>`; `prod` retains its data and is protected from termination.
   * @default dev
   */
  stage: v.optional(stageName(), 'dev'),
  /**
   * Full ARN of an existing secret in the stack's Region.
   * @default a new secret
   */
  secretArn: v.optional(fullSecretArn()),
  /**
   * Requests a second in the long run, 1 to 10000.
   * @default 50
   */
  throttleRate: v.optional(wholeNumber(1, 10_000, 'requests a second'), 50),
  /**
   * Requests at once, 1 to 5000.
   * @default 100
   */
  throttleBurst: v.optional(wholeNumber(1, 5_000, 'requests'), 100),
  /**
   * Days that the function's log and the access log are kept; only the values that CloudWatch Logs offers.
   * @default 90
   */
  logRetentionDays: v.optional(retentionDays(), RetentionDays.THREE_MONTHS),
  /**
   * Hours that the previous secret stays valid after a new one was stored, 0 to 168; 0 turns it off.
   * @default 24
   */
  previousSecretGraceHours: v.optional(wholeNumber(0, 168, 'hours'), 24),
  /**
   * FIFO queues: the statuses of one attempt in order, and a status that is sent again within 5 minutes once.
   * @default false
   */
  fifo: v.optional(yesOrNo(), false),
  /**
   * A pipe drains the queue onto an event bus, so that any number of services subscribe by rule.
   * @default false: services drain the queue
   */
  eventBus: v.optional(yesOrNo(), false),
  /**
   * Account ids, separated by commas, whose roles may drain the queue.
   * @default none
   */
  subscriberAccounts: v.optional(accountIds()),
  /**
   * ARN of a KMS key in the stack's Region that encrypts the queues and the new secret. Its key policy must let this
   * account's IAM policies decide, as the default one does.
   * @default keys that AWS owns
   */
  kmsKeyArn: v.optional(kmsKeyArn()),
  /**
   * Who is mailed about alarms, after they confirmed AWS's mail. Makes the alarms.
   * @default nobody
   */
  alarmEmail: v.optional(v.pipe(v.string('a mail address'), v.email('a mail address'))),
  /**
   * ARN of an existing topic that is told of alarms. Makes the alarms.
   * @default none
   */
  alarmTopicArn: v.optional(topicArn()),
  /**
   * A CloudWatch dashboard; AWS charges for more than three in an account.
   * @default false
   */
  dashboard: v.optional(yesOrNo(), false),
  /**
   * A host name of your own for the webhook, with `hostedZoneId` and `hostedZoneName`, or with `certificateArn`.
   * @default the name that API Gateway makes up
   */
  domainName: v.optional(hostName()),
  /** Id of the public hosted zone in Route 53 that gets the record of `domainName`. */
  hostedZoneId: v.optional(v.pipe(v.string(ZONE_ID), v.regex(/^Z[A-Z0-9]{1,31}$/, ZONE_ID))),
  /** Name of that hosted zone. */
  hostedZoneName: v.optional(hostName()),
  /**
   * ARN of a certificate for `domainName` in the stack's Region.
   * @default a new one, validated through the hosted zone
   */
  certificateArn: v.optional(certificateArn()),
  /**
   * Who may send, separated by commas: `veriff-eu`, `veriff-us` (the addresses that Veriff publishes), addresses and
   * ranges. Others get 403.
   * @default everybody: the signature decides
   */
  allowedSources: v.optional(sourceList()),
});

export type Config = v.InferOutput<typeof schema>;

/** The configuration is wrong; the message is written for the person who runs `cdk` and needs no stack trace. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the keys above from the CDK context, which holds many more. Strings, as `-c` gives them, and numbers are alike.
 * @throws ConfigError with one sentence for each key that is wrong or misspelt
 */
export function readConfig(context: Readonly<Record<string, unknown>>): Config {
  const result = v.safeParse(schema, context, { abortPipeEarly: true });
  const wrong = (result.issues ?? []).map((issue) => {
    const key = v.getDotPath(issue) ?? '';
    return `${key} is ${JSON.stringify(context[key])}, but it must be ${issue.message}.`;
  });
  const problems = [
    ...misspelt(Object.keys(context)),
    ...wrong,
    ...(result.success ? incomplete(result.output) : []),
  ];
  if (!result.success || problems.length > 0) throw new ConfigError(problems.join('\n'));
  return result.output;
}

/** Keys that need each other. */
function incomplete({ domainName, hostedZoneId, hostedZoneName, certificateArn }: Config): string[] {
  const zone = [hostedZoneId, hostedZoneName].filter((value) => value !== undefined).length;
  if (zone === 1)
    return ['hostedZoneId and hostedZoneName are given alone, but they must be given together.'];
  if (domainName === undefined) {
    return zone > 0 || certificateArn !== undefined
      ? ['domainName is not given, but hostedZoneId and certificateArn are: it must be given with them.']
      : [];
  }
  if (zone === 0 && certificateArn === undefined) {
    return [
      'domainName is given alone, but it must come with hostedZoneId and hostedZoneName, or with certificateArn.',
    ];
  }
  const belongs =
    hostedZoneName === undefined ||
    domainName === hostedZoneName ||
    domainName.endsWith(`.${hostedZoneName}`);
  return belongs
    ? []
    : [`domainName is "${domainName}", but it must be a name in the zone ${hostedZoneName}.`];
}

function misspelt(keys: readonly string[]): string[] {
  const ours = Object.keys(schema.entries);
  return keys
    .filter((key) => !ours.includes(key))
    .flatMap((key) => {
      const meant = closest(key, ours);
      return meant === undefined
        ? []
        : [`${key} is not a key of this stack, but ${meant} is: did you mean that?`];
    });
}

function wholeNumber(min: number, max: number, unit: string) {
  const allowed = `a whole number from ${min} to ${max} (${unit})`;
  return v.pipe(
    v.unknown(),
    v.transform(digitsToNumber),
    v.number(allowed),
    v.integer(allowed),
    v.minValue(min, allowed),
    v.maxValue(max, allowed),
  );
}

function yesOrNo() {
  return v.pipe(
    v.unknown(),
    v.transform((value) => ({ true: true, false: false })[String(value)]),
    v.boolean('true or false'),
  );
}

function accountIds() {
  return v.pipe(
    v.unknown(),
    v.transform(String),
    v.regex(/^\d{12}(\s*,\s*\d{12})*$/, 'account ids of 12 digits, separated by commas'),
    v.transform((ids) => ids.split(',').map((id) => id.trim())),
  );
}

function kmsKeyArn() {
  const allowed = 'the ARN of a KMS key (arn:aws:kms:<region>:<account>:key/<id>)';
  return v.pipe(
    v.string(allowed),
    v.regex(
      /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/,
      allowed,
    ),
  );
}

function topicArn() {
  const allowed = 'the ARN of an SNS topic (arn:aws:sns:<region>:<account>:<name>)';
  return v.pipe(v.string(allowed), v.regex(/^arn:aws[a-z-]*:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/, allowed));
}

function certificateArn() {
  const allowed = 'the ARN of a certificate (arn:aws:acm:<region>:<account>:certificate/<id>)';
  return v.pipe(
    v.string(allowed),
    v.regex(/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/, allowed),
  );
}

function hostName() {
  const allowed = 'a host name in lower case, such as veriff.example.com';
  return v.pipe(v.string(allowed), v.regex(/^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/, allowed));
}

function retentionDays() {
  const days = Object.values(RetentionDays)
    .filter((value) => typeof value === 'number')
    .filter((value) => value !== RetentionDays.INFINITE);
  return v.pipe(
    v.unknown(),
    v.transform(digitsToNumber),
    v.picklist(days, `one of the days that CloudWatch Logs offers (${days.join(', ')})`),
  );
}

function fullSecretArn() {
  const allowed =
    'the full ARN of a secret, suffix included (arn:aws:secretsmanager:<region>:<account>:secret:<name>-<6 characters>)';
  return v.pipe(
    v.string(allowed),
    // "…-secret" is the end of a name, hardly ever a random suffix; a permission for it would name no secret.
    v.regex(
      /^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]+-(?!secret$)[A-Za-z0-9]{6}$/,
      allowed,
    ),
  );
}

function stageName() {
  const allowed = '1 to 20 lower-case letters, digits and inner hyphens that start with a letter';
  return v.pipe(
    v.string(allowed),
    v.maxLength(20, allowed),
    v.regex(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/, allowed),
    // Such a stage would lose its data with its stack, which is not what its name promises.
    v.check(
      (stage) => !['production', 'prd', 'live'].includes(stage),
      '"prod", the one stage that retains its data',
    ),
  );
}

function digitsToNumber(value: unknown): unknown {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
}

function sourceList() {
  return v.pipe(
    v.string(),
    v.transform((list) => list.split(',').map((entry) => entry.trim())),
    v.array(source()),
    v.transform(addressesOf),
  );
}
