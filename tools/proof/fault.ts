/** The services that a delivery needs. */
export type Service = 'sqs' | 'secretsManager';

/** What may happen to one call of a service. Those of the first line never reach the service. */
export const FAULTS = [
  ...(['reset', 'stall', 'error-500', 'error-503', 'throttle', 'deny', 'missing'] as const),
  ...(['answer-lost', 'stall-in-answer', 'late', 'slow'] as const),
  ...(['garbage', 'cut', 'truncated', 'empty', 'altered'] as const),
] as const;

export type Fault = (typeof FAULTS)[number];

/** `slow` is within every limit of the function, `late` beyond each. */
export const DELAYS_MS = { slow: 300, late: 2_500 } as const;

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

/** What the service itself answers with such an error; the other faults are none of its own. */
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

/** The answer as the fault leaves it; the service has done what it was asked for. */
export function spoiled(service: Service, fault: Fault, body: string): string {
  switch (fault) {
    case 'garbage':
      return '<html>\u0000 no such thing as JSON';
    case 'truncated':
      return body.slice(0, body.length / 2);
    case 'empty':
      return '{}';
    case 'altered':
      // Well-formed, but not what was asked for: another message's digest, a secret that is no text.
      return service === 'sqs'
        ? body.replace(/("MD5OfMessageBody":")[^"]*/, `$1${'0'.repeat(32)}`)
        : body.replace(/("SecretString":)"(?:[^"\\]|\\.)*"/, '$142');
    default:
      return body;
  }
}
