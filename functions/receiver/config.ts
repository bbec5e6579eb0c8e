import * as v from 'valibot';

const URL_TEXT = 'a URL';
const NAME = 'a text that is not empty';
const HOURS = 'a whole number of hours';
const url = v.pipe(v.string(URL_TEXT), v.url(URL_TEXT));
const name = v.pipe(v.string(NAME), v.nonEmpty(NAME));

/** The function's environment variables; the stack sets them and checks them with {@link ReceiverEnv}. */
const schema = v.object({
  /** Where accepted events go. */
  QUEUE_URL: url,
  /** Where authentic deliveries go that cannot go to the main queue. */
  QUARANTINE_QUEUE_URL: url,
  /** ARN or name of the secret that holds Veriff's shared secret key. */
  SECRET_ID: name,
  /** How long keys of AWSPREVIOUS are valid after the newer version was created, in hours; 0: they are never read. */
  PREVIOUS_SECRET_GRACE_HOURS: v.pipe(v.string(HOURS), v.regex(/^\d{1,6}$/, HOURS), v.transform(Number)),
  /** Addresses and ranges that may send, separated by commas; empty: everybody. */
  ALLOWED_SOURCES: v.pipe(
    v.string('a list of addresses'),
    v.transform((list) => list.split(',').filter((entry) => entry !== '')),
  ),
  /** Whether X-Ray traces the function. If off, messages get no trace header, although Lambda sets one. */
  TRACING: v.pipe(
    v.picklist(['on', 'off'], 'on or off'),
    v.transform((value) => value === 'on'),
  ),
  /** The value of the dimension `service` of every metric. */
  METRICS_SERVICE: name,
  /** The CloudWatch namespace of the metrics. */
  METRICS_NAMESPACE: name,
});

/** The environment variables as the stack writes them. If one is renamed only here, the stack does not compile. */
export type ReceiverEnv = Record<keyof v.InferInput<typeof schema>, string>;

export type ReceiverConfig = v.InferOutput<typeof schema>;

/**
 * Checks the environment once, at cold start.
 * @throws Error that names every variable that is missing or wrong.
 */
export function parseConfig(env: NodeJS.ProcessEnv): ReceiverConfig {
  const result = v.safeParse(schema, env);
  if (result.success) return result.output;
  const problems = result.issues.map(
    (issue) =>
      `${v.getDotPath(issue)}: ${issue.input === undefined ? 'missing' : `expected ${issue.message}`}`,
  );
  throw new Error(
    `The function's environment variables are wrong (${problems.join('; ')}). Deploy the stack with --revert-drift.`,
  );
}
