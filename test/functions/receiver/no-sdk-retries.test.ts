import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, it } from 'vitest';
import * as noRetries from '../../../functions/receiver/no-sdk-retries.ts';
import { startCannedAws } from '../../support/canned-aws.ts';

const SDK = fileURLToPath(new URL('../../../node_modules/@aws-sdk/', import.meta.url));

it('has every name that the clients import from what it replaces', () => {
  const clients = globSync('{client-sqs,client-secrets-manager,core,middleware-sdk-sqs}/dist-es/**/*.js', {
    cwd: SDK,
  });
  const imported = clients.flatMap((file) => {
    const [, names = ''] =
      /import \{([^}]*)\} from "@smithy\/core\/retry"/.exec(readFileSync(`${SDK}${file}`, 'utf8')) ?? [];
    return names.split(',').flatMap((name) => name.trim() || []);
  });
  expect(imported.length).toBeGreaterThan(5);
  expect(Object.keys(noRetries)).toEqual(expect.arrayContaining(imported));
});

it('lets a client send a signed request once, even if SQS fails', async () => {
  const aws = await startCannedAws(() => [500, { __type: 'InternalFailure' }]);
  const credentials = { accessKeyId: 'id', secretAccessKey: 'secret' };
  const client = new SQSClient({ endpoint: aws.endpoint, region: 'us-east-1', credentials, maxAttempts: 3 });
  client.middlewareStack.remove('retryMiddleware');
  noRetries.getRetryPlugin().applyToStack(client.middlewareStack);
  expect(client.middlewareStack.identify()).toContain('retryMiddleware - finalizeRequest');
  const command = new SendMessageCommand({ QueueUrl: `${aws.endpoint}/queue`, MessageBody: 'body' });
  await expect(client.send(command)).rejects.toThrow();
  expect(aws.calls).toHaveLength(1);
  client.destroy();
  await aws.stop();
});

it('takes no number of tries and no mode from the environment or a file, and keeps the settings', () => {
  for (const options of [
    noRetries.NODE_MAX_ATTEMPT_CONFIG_OPTIONS,
    noRetries.NODE_RETRY_MODE_CONFIG_OPTIONS,
  ]) {
    expect(options.environmentVariableSelector()).toBeUndefined();
    expect(options.configFileSelector()).toBeUndefined();
  }
  expect(noRetries.RETRY_MODES).toEqual({ STANDARD: 'standard', ADAPTIVE: 'adaptive' });
  const config = { maxAttempts: 1 };
  expect(noRetries.resolveRetryConfig(config)).toBe(config);
});
