import { stringify } from 'yaml';
import { attributesSchema } from '../attributes.ts';
import { attributeDescriptions, CONTRACT, payloadDescriptions } from '../descriptions.ts';
import { EVENT_TYPES, type EventType, eventSchemas } from '../event.ts';
import { messageAttributes } from '../message.ts';
import { parseUserStatusMessage } from '../parse-message.ts';
import { documentedSchema } from './documented.ts';
import { codeName } from './names.ts';
import { sampleText } from './sample.ts';

// Quotes times, because many parsers still read YAML 1.1, where a time without quotes is a date and not a string.
const YAML = { compat: 'yaml-1.1', lineWidth: 0, aliasDuplicateObjects: false } as const;

/** `send` says what the receiver does; `examples` are samples by their names. */
const WORDS = {
  'user-status.created': {
    title: 'User status created',
    summary: 'A user added a status to an attempt.',
    send: 'Puts a status on the queue, then answers Veriff with 200.',
    examples: {
      'user-status-created': 'Veriff\'s own sample: the user typed an explanation ("Custom" reason).',
      'reason-code-given': 'The user chose a reason that was set up in the Customer Portal.',
      'unknown-properties':
        'Veriff has added properties. The receiver keeps them; your service must accept them.',
    },
  },
} satisfies Record<EventType, object>;

/** The queue's contract as AsyncAPI 3.0. */
export function asyncApi(): string {
  const document = {
    asyncapi: '3.0.0',
    id: `urn:${CONTRACT.name}`,
    info: {
      title: 'Veriff user statuses',
      version: CONTRACT.version,
      description:
        "The queue of custom statuses that users add to verification attempts in Veriff's Customer Portal. The " +
        'receiver sends; your service receives. Delivery is at least once; only a FIFO queue keeps an order.',
      license: { name: 'MIT' },
    },
    defaultContentType: 'application/json',
    servers: {
      sqs: {
        host: 'sqs.{region}.amazonaws.com',
        protocol: 'sqs',
        variables: { region: { description: 'The AWS Region of the receiver.' } },
      },
    },
    channels: {
      userStatuses: {
        address: null,
        title: 'The main queue',
        description:
          'A stage has its URL and ARN in the SSM parameters /veriff-status-receiver/<stage>/queue-url and queue-arn.',
        servers: [{ $ref: '#/servers/sqs' }],
        messages: byName((type) => ({ $ref: `#/components/messages/${codeName(type)}` })),
      },
    },
    operations: Object.fromEntries(EVENT_TYPES.map(operation)),
    components: { messages: byName(message) },
  };
  return `# Written by "npm run schema" from contract/.\n${stringify(document, YAML)}`;
}

function byName(make: (type: EventType) => object) {
  return Object.fromEntries(EVENT_TYPES.map((type) => [codeName(type), make(type)]));
}

function operation(type: EventType): [string, object] {
  const name = codeName(type);
  return [
    `send${name.charAt(0).toUpperCase()}${name.slice(1)}`,
    {
      action: 'send',
      channel: { $ref: '#/channels/userStatuses' },
      summary: WORDS[type].send,
      messages: [{ $ref: `#/channels/userStatuses/messages/${name}` }],
    },
  ];
}

function message(type: EventType) {
  const { title, summary, examples } = WORDS[type];
  const schema = eventSchemas[type];
  return {
    name: type,
    title,
    summary,
    description:
      "The body is Veriff's payload, byte for byte, except that U+FFFE and U+FFFF are escaped. The headers are SQS " +
      'message attributes: ask for them with MessageAttributeNames.',
    contentType: 'application/json',
    headers: documentedSchema(attributesSchema(schema), attributeDescriptions, 'draft-07'),
    payload: documentedSchema(schema, payloadDescriptions[type], 'draft-07'),
    examples: Object.entries(examples).map(([name, summary]) => example(name, summary)),
  };
}

function example(name: string, summary: string) {
  const body = sampleText(name);
  const { event } = parseUserStatusMessage({ Body: body });
  const { createdAt } = event.data.verification.userDefinedData;
  const receivedAt = new Date(Math.max(Date.parse(event.time), Date.parse(createdAt)) + 1_000);
  const headers = messageAttributes(event, { integration: 'your-integration', receivedAt });
  return { name, summary, headers, payload: JSON.parse(body) };
}
