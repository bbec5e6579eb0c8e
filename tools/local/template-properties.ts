/** What the local stack reads of a template, by the resource's kind. */
import * as v from 'valibot';

const text = v.string(({ input }) => `expected a text, got ${JSON.stringify(input)}`);

export const template = v.object({
  Resources: v.record(
    text,
    v.object({ Type: text, Properties: v.optional(v.record(text, v.unknown()), {}) }),
  ),
  Outputs: v.optional(v.record(text, v.unknown()), {}),
});
export const outputs = v.record(
  text,
  v.pipe(
    v.object({ Value: text }),
    v.transform(({ Value }) => Value),
  ),
);

/** The name of an intrinsic function that could not be worked out begins with a capital letter. */
const policyName = v.pipe(text, v.regex(/^[a-z]/, 'expected the name of a property'));
/** As `CreateQueue` takes it. */
const attribute = v.union([
  v.pipe(v.union([text, v.number(), v.boolean()]), v.transform(String)),
  v.pipe(v.record(policyName, v.union([text, v.number(), v.array(text)])), v.stringifyJson()),
]);
export const queue = v.pipe(
  v.record(text, v.unknown()),
  v.transform(({ QueueName, Tags, ...attributes }) => attributes),
  v.record(text, attribute),
);

export const secret = v.object({ GenerateSecretString: v.object({ GenerateStringKey: text }) });

export const lambda = v.object({
  Handler: text,
  Timeout: v.number(),
  MemorySize: v.number(),
  Environment: v.object({ Variables: v.record(text, text) }),
  LoggingConfig: v.object({ LogFormat: text, ApplicationLogLevel: v.optional(text, 'INFO') }),
  Code: v.object({ S3Key: text }),
});

export const route = v.object({
  RouteKey: v.pipe(
    text,
    v.regex(/^[A-Z]+ \/[^{}\s]*$/, 'expected a route "METHOD /path" without path variables'),
  ),
  Target: text,
});

export const integration = v.object({
  PayloadFormatVersion: v.literal('2.0', 'expected 2.0, which is all that the local gateway speaks'),
  IntegrationUri: text,
});

export const stage = v.object({
  StageName: text,
  DefaultRouteSettings: v.object({ ThrottlingRateLimit: v.number(), ThrottlingBurstLimit: v.number() }),
});

export const pipe = v.object({
  Source: text,
  SourceParameters: v.object({ SqsQueueParameters: v.object({ BatchSize: v.number() }) }),
  TargetParameters: v.object({
    InputTemplate: text,
    EventBridgeEventBusParameters: v.object({ Source: text, DetailType: text }),
  }),
});
