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

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const CONTENT_TYPE = { sqs: 'application/x-amz-json-1.0', secretsManager: 'application/x-amz-json-1.1' };

/** The service's own words: status, type and, as SQS has one, the code of its older protocol. */
const ERRORS: Readonly<Record<Service, Readonly<Record<string, readonly [number, string, string?]>>>> = {
  sqs: {
    'error-500': [500, 'com.amazonaws.sqs#InternalFailure', 'InternalFailure;Receiver'],
    'error-503': [503, 'com.amazonaws.sqs#ServiceUnavailable', 'ServiceUnavailable;Receiver'],
    throttle: [400, 'com.amazonaws.sqs#RequestThrottled', 'RequestThrottled;Sender'],
    deny: [403, 'com.amazon.coral.service#AccessDeniedException', 'AccessDenied;Sender'],
    missing: [400, 'com.amazonaws.sqs#QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue;Sender'],
  },
  secretsManager: {
    'error-500': [500, 'InternalServiceError'],
    'error-503': [503, 'ServiceUnavailableException'],
    throttle: [400, 'ThrottlingException'],
    deny: [400, 'AccessDeniedException'],
    missing: [400, 'ResourceNotFoundException'],
  },
};

/** The answer that the service itself gives with such an error; undefined: the fault is none of its own. */
export function errorAnswer(service: Service, fault: Fault): Answer | undefined {
  const error = ERRORS[service][fault];
  if (error === undefined) return undefined;
  const [status, type, queryError] = error;
  return {
    status,
    headers: {
      'content-type': CONTENT_TYPE[service],
      ...(queryError !== undefined && { 'x-amzn-query-error': queryError }),
    },
    body: JSON.stringify({ __type: type, message: `The fault "${fault}".` }),
  };
}

/** The service's answer as the fault leaves it; the service has done what it was asked for. */
export function spoiled(service: Service, fault: Fault, answer: Answer): Answer {
  switch (fault) {
    case 'garbage':
      return { ...answer, body: '<html>\u0000 no such thing as JSON' };
    case 'truncated':
      return { ...answer, body: answer.body.slice(0, answer.body.length / 2) };
    case 'empty':
      return { ...answer, body: '{}' };
    case 'altered':
      return { ...answer, body: altered(service, answer.body) };
    default:
      return answer;
  }
}

/** Well-formed, but not what was asked for: another message's digest, a secret that is no text. */
function altered(service: Service, body: string): string {
  return service === 'sqs'
    ? body.replace(/("MD5OfMessageBody":")[^"]*/, `$1${'0'.repeat(32)}`)
    : body.replace(/("SecretString":)"(?:[^"\\]|\\.)*"/, '$142');
}
