import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import * as v from 'valibot';
import { alarms, domain } from './option-groups.ts';
import { arn, flag, text, wholeNumber } from './option-values.ts';
import { source } from './sources.ts';

const kmsKey = arn(
  'a KMS key',
  'kms',
  'key/(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})',
  'key/<id>',
);

const DAYS = Object.values(RetentionDays)
  .filter((days) => typeof days === 'number')
  .filter((days) => days !== RetentionDays.INFINITE);

/** The options of a stage in infra/stages.ts, and of a `Receiver` in your own stack. */
const options = v.strictObject({
  /**
   * Name of an existing secret in the stack's Region, encrypted with `aws/secretsmanager` or with `kmsKeyArn`. The stack
   * does not change it.
   * @default a new secret that holds a placeholder; the receiver answers 503 until the real key is stored
   */
  secretName: v.optional(
    text('the name of a secret (such as veriff/shared-secret), and not its ARN', /^[\w/+=.@-]{1,512}$/),
  ),
  /**
   * Hours that the keys of the previous version stay valid after new ones were stored, 0 to 168; with 0 they end within 5
   * minutes, or within an hour while the secret cannot be read.
   * @default 24
   */
  previousSecretGraceHours: v.optional(wholeNumber(0, 168, 'hours'), 24),
  /**
   * Sustained requests per second, 1 to 10000. Above this rate the sender gets 429 and tries again.
   * @default 50
   */
  throttleRate: v.optional(wholeNumber(1, 10_000, 'requests a second'), 50),
  /**
   * Requests that may arrive at once, 1 to 5000.
   * @default 100
   */
  throttleBurst: v.optional(wholeNumber(1, 5_000, 'requests'), 100),
  /**
   * Days that the function's log and the access log are kept; only the values that CloudWatch Logs offers.
   * @default 90
   */
  logRetentionDays: v.optional(
    v.picklist(DAYS, `one of the days that CloudWatch Logs offers (${DAYS.join(', ')})`),
    RetentionDays.THREE_MONTHS,
  ),
  /**
   * Makes the queues FIFO queues: SQS delivers the statuses of one attempt in the order in which they were received
   * (message group: the attempt), and drops a status that is sent again within 5 minutes (deduplication id: the event
   * id). A change replaces the queues.
   * @default false
   */
  fifo: v.optional(flag, false),
  /**
   * A pipe drains the queue onto an event bus, so that any number of services can subscribe with rules.
   * @default false: services drain the queue
   */
  eventBus: v.optional(flag, false),
  /**
   * Ids of other accounts whose roles may drain the queue.
   * @default none
   */
  subscriberAccounts: v.optional(
    v.array(text('an account id of 12 digits, in quotes', /^\d{12}$/), 'a list of account ids'),
    [],
  ),
  /**
   * ARN of a KMS key in the stack's Region that encrypts the queues and the new secret. Its key policy must allow this
   * account's IAM policies to give access to the key, as the default key policy does.
   * @default SQS's own encryption (SSE-SQS), and the key `aws/secretsmanager`
   */
  kmsKeyArn: v.optional(kmsKey),
  /**
   * ARNs of keys that were `kmsKeyArn` before. A message stays encrypted with the key under which it was sent, so keep
   * each key here for 14 days, the retention period of the queues; with `fifo` for 28, because it starts again in the
   * dead-letter queue. Also deploy a new key here before you make it `kmsKeyArn`: IAM then has time to propagate the
   * permissions.
   * @default none
   */
  retiredKmsKeyArns: v.optional(v.array(kmsKey, 'a list of KMS key ARNs'), []),
  /**
   * Who is told of alarms.
   * @default there are no alarms
   */
  alarms: v.optional(alarms),
  /**
   * A CloudWatch dashboard; AWS charges for more than three in an account.
   * @default false
   */
  dashboard: v.optional(flag, false),
  /**
   * X-Ray traces of the function.
   * @default true
   */
  tracing: v.optional(flag, true),
  /**
   * A host name of your own for the webhook.
   * @default API Gateway's own address
   */
  domain: v.optional(domain),
  /**
   * Who may send: `veriff-eu`, `veriff-us` (the addresses that Veriff publishes), addresses and ranges, IPv4 and
   * IPv6. Others get 403, and their signature is not checked.
   * @default everybody: the signature decides
   */
  allowedSources: v.optional(v.array(source, 'a list of sources'), []),
  /**
   * The queues, the secret, the logs, the event bus and its archive stay when the stack is deleted, and the stack of a
   * stage has termination protection.
   * @default false: they go with the stack
   */
  retain: v.optional(flag, false),
});

/** The options of a `Receiver` in your own stack: those of a stage, and its name. */
const receiverProps = v.strictObject({
  ...options.entries,
  /**
   * A part of the names of the main queue, the API, the access log, the event bus, the pipe and the dashboard, and the
   * value of the dimension `service` of every metric: up to 50 letters, digits, hyphens and underscores, unique in the
   * account and Region.
   * @default a name that is made from the construct's path
   */
  name: v.optional(text('1 to 50 letters, digits, hyphens and underscores', /^[\w-]{1,50}$/)),
});

/** The options of a stage, as they are written. */
export type Options = v.InferInput<typeof options>;
/** The options of every stage by its name. */
export type Stages = Readonly<Record<string, Options>>;
/** The options of a `Receiver`, as they are written; none is required. */
export type ReceiverProps = v.InferInput<typeof receiverProps>;
/** The options of a receiver with all defaults filled in. */
export type FilledOptions = v.InferOutput<typeof receiverProps>;
export type Domain = v.InferOutput<typeof domain>;
export type AlarmOptions = v.InferOutput<typeof alarms>;

/**
 * Validates the options of a receiver and fills in the defaults.
 * @param name the stage's name, with which each fault begins; empty for a construct
 * @returns the complete options, and one sentence for each fault; when there is a fault, the options are the defaults
 */
export function checkOptions(
  given: unknown,
  name = '',
): { options: FilledOptions; faults: readonly string[] } {
  // The stack gives a stage's receiver its name.
  const result = v.safeParse(name === '' ? receiverProps : options, given, { abortPipeEarly: true });
  return result.success
    ? { options: result.output, faults: [] }
    : { options: v.parse(receiverProps, {}), faults: result.issues.map((issue) => faultOf(issue, name)) };
}

function faultOf(issue: v.BaseIssue<unknown>, name: string): string {
  const { type, message, expected, received, path: keys = [], input } = issue;
  const path = [...(name === '' ? [] : [name]), ...keys.map(({ key }) => key)].join('.') || 'The value';
  const value = JSON.stringify(keys.at(-1)?.value ?? input);
  if (type !== 'strict_object') return `${path} is ${value}, but it must be ${message}.`;
  if (expected === 'never') {
    return `${path} is not an option: the type ${name === '' ? 'ReceiverProps' : 'Options'} lists all options.`;
  }
  if (received === 'undefined') return `${path} is missing, but it must be given.`;
  return `${path} is ${value}, but it must be an object.`;
}
