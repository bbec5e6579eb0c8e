/**
 * Takes the place of `@aws-sdk/credential-provider-node` in the bundle: Lambda's environment variables are the only
 * credentials there are, so the chain of providers (139 KB) is never asked.
 * @throws Error always: a client was made without `credentials`.
 */
export function defaultProvider(): never {
  throw new Error(
    'Expected a client with credentials: fromEnv(), got one without. The bundle has no others.',
  );
}
