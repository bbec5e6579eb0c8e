import { stringify } from 'yaml';
import { userStatusAttributes } from '../attributes.ts';
import { attributeDescriptions, CONTRACT, payloadDescriptions } from '../descriptions.ts';
import { EVENT_TYPE, userStatusCreated } from '../event.ts';
import { messageAttributes, parseUserStatusMessage } from '../message.ts';
import { documentedSchema } from './documented.ts';
import { sampleText } from './sample.ts';

// Quotes times, because many parsers still read YAML 1.1, where a time without quotes is a date and not a string.
const YAML = { compat: 'yaml-1.1', lineWidth: 0, aliasDuplicateObjects: false } as const;

const EXAMPLES: Readonly<Record<string, string>> = {
  'user-status-created': 'Veriff\'s own sample: the user typed an explanation ("Custom" reason).',
  'reason-code-given': 'The user chose a reason that was set up in the Customer Portal.',
  'unknown-properties':
    'Veriff has added properties. The receiver keeps them; your service must accept them.',
};

/** The queue's contract as AsyncAPI 3.0. */
export function asyncApi(): string {
  const document = {
    asyncapi: '3.0.0',
    id: `urn:${CONTRACT.name}`,
    info: {
      title: 'Veriff user statuses',
      version: CONTRACT.version,
      description:
        "The queue of custom statuses that people add to verification attempts in Veriff's Customer Portal. The " +
        'receiver sends; your service receives. Delivery is at least once and not in order.',
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
          'Its URL and ARN are in the SSM parameters /veriff-status-receiver/<stage>/queue-url and queue-arn.',
        servers: [{ $ref: '#/servers/sqs' }],
        messages: { userStatusCreated: { $ref: '#/components/messages/userStatusCreated' } },
      },
    },
    operations: {
      sendUserStatusCreated: {
        action: 'send',
        channel: { $ref: '#/channels/userStatuses' },
        summary: 'Puts a status on the queue, and answers Veriff with 200 after that.',
        messages: [{ $ref: '#/channels/userStatuses/messages/userStatusCreated' }],
      },
    },
    components: {
      messages: {
        userStatusCreated: {
          name: EVENT_TYPE,
          title: 'User status created',
          summary: 'A person added a status to an attempt.',
          description:
            "The body is Veriff's payload, byte for byte. The headers are SQS message attributes: ask for them with " +
            'MessageAttributeNames.',
          contentType: 'application/json',
          headers: documentedSchema(userStatusAttributes, attributeDescriptions, 'draft-07'),
          payload: documentedSchema(userStatusCreated, payloadDescriptions, 'draft-07'),
          examples: Object.entries(EXAMPLES).map(([name, summary]) => example(name, summary)),
        },
      },
    },
  };
  return `# Written by "npm run schema" from contract/.\n${stringify(document, YAML)}`;
}

function example(name: string, summary: string) {
  const body = sampleText(name);
  const { event } = parseUserStatusMessage({ Body: body });
  const { createdAt } = event.data.verification.userDefinedData;
  const receivedAt = new Date(Math.max(Date.parse(event.time), Date.parse(createdAt)) + 1_000);
  const headers = messageAttributes(event, { integration: 'your-integration', receivedAt });
  return { name, summary, headers, payload: JSON.parse(body) };
}
