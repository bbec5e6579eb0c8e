/**
 * Replaces `@aws-sdk/credential-provider-node` (139 KB) in the bundle. Its chain of providers is not needed, because in
 * Lambda all credentials are in environment variables.
 * @throws Error always. The SDK calls it only for a client without `credentials`.
 */
export function defaultProvider(): never {
  throw new Error(
    'Expected a client with credentials: fromEnv(), got one without. The bundle contains no other provider.',
  );
}
