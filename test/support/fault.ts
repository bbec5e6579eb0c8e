/** The services that a delivery needs. */
export type Service = 'sqs' | 'secretsManager';

/** What may happen to one call of a service. With those of the first line the service does not do what it is asked for. */
export const FAULTS = [
  ...(['reset', 'stall', 'error-500', 'error-503', 'throttle', 'deny', 'missing'] as const),
  ...(['answer-lost', 'stall-in-answer', 'late', 'slow'] as const),
  ...(['garbage', 'cut', 'truncated', 'empty', 'altered'] as const),
] as const;

export type Fault = (typeof FAULTS)[number];

export interface ServiceAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An error as AWS answers it. SQS also names the code of its older protocol, where that is another one. */
export function awsError(status: number, type: string, message = type, code = type): ServiceAnswer {
  const [, name = code] = code.split('#');
  return {
    status,
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amzn-query-error': `${name};${status < 500 ? 'Sender' : 'Receiver'}`,
    },
    body: JSON.stringify({ __type: type, message, Message: message }),
  };
}

const sqsError = (status: number, name: string, code?: string) =>
  awsError(status, `com.amazonaws.sqs#${name}`, name, code);

/** The errors that a service itself answers with. */
export const ERRORS: Readonly<Record<Service, Readonly<Partial<Record<Fault, ServiceAnswer>>>>> = {
  sqs: {
    'error-500': sqsError(500, 'InternalFailure'),
    'error-503': sqsError(503, 'ServiceUnavailable'),
    throttle: sqsError(400, 'RequestThrottled'),
    deny: awsError(403, 'com.amazon.coral.service#AccessDeniedException', 'AccessDenied', 'AccessDenied'),
    missing: sqsError(400, 'QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'),
  },
  secretsManager: {
    'error-500': awsError(500, 'InternalServiceError'),
    'error-503': awsError(503, 'ServiceUnavailableException'),
    throttle: awsError(400, 'ThrottlingException'),
    deny: awsError(400, 'AccessDeniedException'),
    missing: awsError(400, 'ResourceNotFoundException'),
  },
};

/** Answers that are late: `slow` is within every limit of the function, `late` beyond each. */
export const DELAYS_MS: Readonly<Partial<Record<Fault, number>>> = { slow: 300, late: 2_500 };

/** Answers that are spoiled, from what the service answered. */
export const SPOILED: Readonly<Partial<Record<Fault, (body: string) => string>>> = {
  garbage: () => '<html>\u0000 no such thing as JSON',
  truncated: (body) => body.slice(0, body.length / 2),
  empty: () => '{}',
  // Well-formed, but not what was asked for: another message's digest, a secret that is no text.
  altered: (body) =>
    body
      .replace(/("MD5OfMessageBody":")[^"]*/, `$1${'0'.repeat(32)}`)
      .replace(/("SecretString":)"(?:[^"\\]|\\.)*"/, '$142'),
};
