import type { SQSClient } from '@aws-sdk/client-sqs';

/**
 * Replaces `@smithy/core/retry` (10 KB) in the bundle: the SDK's clients make each request once, because retry.ts makes
 * the second try. These are the names that the clients import.
 */
export const DEFAULT_MAX_ATTEMPTS = 1;
export const DEFAULT_RETRY_MODE = 'standard';
export const RETRY_MODES = { STANDARD: DEFAULT_RETRY_MODE, ADAPTIVE: 'adaptive' } as const;

const unset = { environmentVariableSelector: () => undefined, configFileSelector: () => undefined };
export const NODE_MAX_ATTEMPT_CONFIG_OPTIONS = { ...unset, default: DEFAULT_MAX_ATTEMPTS };
export const NODE_RETRY_MODE_CONFIG_OPTIONS = { ...unset, default: DEFAULT_RETRY_MODE };

export function resolveRetryConfig<T>(config: T): T {
  return config;
}

/** Adds a middleware that does nothing: the SDK adds its signing relative to the middleware of this name. */
export function getRetryPlugin() {
  return {
    applyToStack(stack: SQSClient['middlewareStack']) {
      stack.add((next) => next, { name: 'retryMiddleware', step: 'finalizeRequest', priority: 'high' });
    },
  };
}
