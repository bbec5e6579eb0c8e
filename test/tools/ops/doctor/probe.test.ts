import { createHash, randomUUID } from 'node:crypto';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { expect, onTestFinished, test } from 'vitest';
import { localClient } from '../../../../tools/local/addresses.ts';
import { chooseKey } from '../../../../tools/ops/choose-key.ts';
import type { Finding } from '../../../../tools/ops/doctor/finding.ts';
import { checkProbe } from '../../../../tools/ops/doctor/probe.ts';
import { sqsClient } from '../../../../tools/ops/sqs-client.ts';
import { startCannedAws } from '../../../support/canned-aws.ts';
import { SECRET } from '../../../support/webhook.ts';

/** What the doctor says of a webhook that takes everything, beside a queue that answers so. */
async function probe(receive: () => readonly string[]): Promise<Finding[]> {
  const { endpoint, stop } = await startCannedAws(({ action }) => {
    const Messages = receive().map((Body) => ({
      MessageId: randomUUID(),
      ReceiptHandle: 'r',
      Body,
      Attributes: { SentTimestamp: '0' },
      MD5OfBody: createHash('md5').update(Body).digest('hex'),
    }));
    return [200, action === 'ReceiveMessage' ? { Messages } : { Successful: [], Failed: [] }];
  });
  onTestFinished(stop);
  const url = `${endpoint}/000000000000/quarantine`;
  const outputs = {
    WebhookUrl: endpoint,
    QueueUrl: url,
    QueueArn: '',
    DeadLetterQueueUrl: url,
    QuarantineQueueUrl: url,
    SecretName: '',
  };
  const found: Finding[] = [];
  await checkProbe(
    {
      stack: {
        name: 'Receiver',
        receiver: '',
        flags: '--stack Receiver',
        sqs: sqsClient(localClient(endpoint)),
        secretsManager: new SecretsManagerClient({}),
        outputs,
      },
      report: (finding) => found.push(finding),
      signal: new AbortController().signal,
      said: new Set(),
      isWebhookWell: true,
      inUse: { key: chooseKey(SECRET, undefined), createdAt: new Date() },
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
