import { createHash, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, onTestFinished, test } from 'vitest';
import { parseSecretValue } from '../../../../functions/receiver/secret-value.ts';
import { localClient } from '../../../../tools/local/addresses.ts';
import { serveOnLoopback } from '../../../../tools/local/loopback.ts';
import type { Finding } from '../../../../tools/ops/doctor/finding.ts';
import { checkProbe } from '../../../../tools/ops/doctor/probe.ts';
import { sqsClient } from '../../../../tools/ops/sqs-client.ts';
import { SECRET } from '../../../support/webhook.ts';

/** What the doctor says of a webhook that takes everything, beside a queue that answers so. */
async function probe(receive: () => readonly string[]): Promise<Finding[]> {
  const { origin, stop } = await serveOnLoopback(0, async (request, response) => {
    await buffer(request);
    const isReceive = String(request.headers['x-amz-target']).endsWith('ReceiveMessage');
    const Messages = receive().map((Body) => ({
      ...{ MessageId: randomUUID(), ReceiptHandle: 'r', Body, Attributes: { SentTimestamp: '0' } },
      MD5OfBody: createHash('md5').update(Body).digest('hex'),
    }));
    response.end(JSON.stringify(isReceive ? { Messages } : { Successful: [], Failed: [] }));
  });
  onTestFinished(stop);
  const url = `${origin}/000000000000/quarantine`;
  const outputs = {
    WebhookUrl: origin,
    QueueUrl: url,
    QueueArn: '',
    DeadLetterQueueUrl: url,
    SecretName: '',
  };
  const parsed = parseSecretValue(SECRET);
  const [key] = parsed.ok ? parsed.keys : [];
  if (key === undefined) throw new Error('expected a key, got none');
  const found: Finding[] = [];
  await checkProbe(
    {
      stack: {
        ...{ name: 'Receiver', receiver: '', flags: '--stack Receiver' },
        ...{ sqs: sqsClient(localClient(origin)), secretsManager: new SecretsManagerClient({}) },
        outputs: { ...outputs, QuarantineQueueUrl: url },
      },
      report: (finding) => found.push(finding),
      ...{ signal: new AbortController().signal, said: new Set(), isWebhookWell: true },
      inUse: { key, createdAt: new Date() },
      queues: [{ url, KmsMasterKeyId: undefined, SqsManagedSseEnabled: undefined }],
    },
    500,
  );
  return found;
}

test('is not found among more messages than can be received in time: no fault of the function', async () => {
  expect(await probe(() => ['other'])).toEqual([
    { kind: 'unchecked', what: expect.stringContaining('not found in time among the many messages') },
  ]);
});

test('is not on a queue that was received to its end: the function writes to another', async () => {
  expect(await probe(() => [])).toEqual([
    expect.objectContaining({ kind: 'bad', todo: expect.stringContaining('writes to another queue') }),
  ]);
});
