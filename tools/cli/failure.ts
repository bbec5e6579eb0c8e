import { printable } from './printable.ts';

/** What a log or a sentence calls an error: `AccessDenied`, `ECONNREFUSED`. */
export function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

/** An error as one sentence, with what lies beneath it. */
export function sentenceOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const named = error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
  const text = error.message === '' ? nameOf(error) : named;
  return error.cause === undefined ? text : `${text} (${sentenceOf(error.cause)})`;
}

/** An error as one sentence, and what a person can do about it. */
export function explained(error: unknown): string {
  const todo = remedyFor(error);
  const sentence = sentenceOf(error);
  return printable(todo === undefined ? sentence : `${sentence.replace(/\.$/, '')}; ${todo}`);
}

/** Names of errors by which AWS and its SDK say that it is the credentials. */
const CREDENTIALS =
  /Credential|ExpiredToken|RequestExpired|InvalidClientTokenId|UnrecognizedClient|SignatureDoesNotMatch|AuthFailure|TokenRefresh|SSO/;

/** Codes by which Node.js says that a host was not reached. */
const NETWORK = /^(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH)$/;

/** What to do about an error of AWS, its SDK, the network or the temporary folder; undefined for any other. */
export function remedyFor(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if (/^Region (is missing|not accepted)/.test(error.message))
    return 'set AWS_REGION to the Region of the stack';
  if (CREDENTIALS.test(error.name)) return 'sign in to AWS again, or set AWS_PROFILE to another profile';
  if (isDenied(error)) return 'ask for the permission, or choose other credentials with AWS_PROFILE';
  if (NETWORK.test(nameOf(error))) return 'see that AWS_REGION is right, and the network, or HTTPS_PROXY';
  if ('syscall' in error && error.syscall === 'mkdtemp') return 'set TMPDIR to a folder that can be written';
  return undefined;
}

const isNamed = (names: RegExp) => (error: unknown) => error instanceof Error && names.test(error.name);

export const isDenied = isNamed(/AccessDenied|NotAuthorized|AuthorizationError/);
/** SQS: there is no such queue, or none that these credentials may see. */
export const isNoQueue = isNamed(/QueueDoesNotExist|NonExistentQueue/);
/** CloudFormation has no error of its own for a stack that is not there. */
export const isNoStack = isNamed(/^ValidationError$/);
