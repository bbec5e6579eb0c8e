import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SecretsManager } from '../../../tools/local/secrets-manager.ts';
import { startSecretsManager } from '../../../tools/local/secrets-manager.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Veriff-Ab12Cd';
const NOON = Date.UTC(2026, 0, 1, 12);
const TOKEN = '00000000-0000-4000-8000-000000000001';

let now = NOON;
let manager: SecretsManager;
let client: SecretsManagerClient;

beforeEach(async () => {
  now = NOON;
  manager = await startSecretsManager({ now: () => now });
  manager.store.create('Veriff', ARN, { SecretString: 'one' });
  client = new SecretsManagerClient({
    endpoint: manager.endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
});

afterEach(async () => {
  client.destroy();
  await manager.stop();
});

const read = (input: { SecretId?: string; VersionStage?: string; VersionId?: string } = {}) =>
  client.send(new GetSecretValueCommand({ SecretId: 'Veriff', ...input }));
const write = (value: string, input: { ClientRequestToken?: string; VersionStages?: string[] } = {}) =>
  client.send(new PutSecretValueCommand({ SecretId: 'Veriff', SecretString: value, ...input }));

describe('finding a secret', () => {
  test.each([
    ['its name', 'Veriff'],
    ['its whole ARN', ARN],
    ['its ARN without the random end', ARN.slice(0, -7)],
  ])('finds it by %s', async (_how, SecretId) => {
    expect(await read({ SecretId })).toMatchObject({ ARN, Name: 'Veriff', SecretString: 'one' });
  });

  test('answers ResourceNotFoundException for a secret that is not there', async () => {
    await expect(read({ SecretId: 'Other' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
      $metadata: { httpStatusCode: 400 },
    });
  });

  test('answers ResourceNotFoundException once the secret was removed', async () => {
    manager.store.remove('Veriff');
    await expect(read()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('answers InvalidRequestException while the secret is scheduled for deletion, and still describes it', async () => {
    manager.store.scheduleDeletion('Veriff');
    for (const refused of [read(), write('two')]) {
      await expect(refused).rejects.toMatchObject({
        name: 'InvalidRequestException',
        message: "You can't perform this operation on the secret because it was marked for deletion.",
      });
    }
    expect(await client.send(new DescribeSecretCommand({ SecretId: 'Veriff' }))).toMatchObject({ ARN });
  });

  test('lists the secrets that there are', async () => {
    expect(await client.send(new ListSecretsCommand({}))).toMatchObject({
      SecretList: [{ ARN, Name: 'Veriff' }],
    });
  });

  test('answers ValidationException for an empty id', async () => {
    await expect(read({ SecretId: '' })).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('rotating a secret', () => {
  test('makes the new version current and the one before it previous', async () => {
    await write('two');
    expect((await read()).SecretString).toBe('two');
    expect((await read({ VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('one');
  });

  test('takes the stage previous from the version before the last', async () => {
    const { VersionId: first = '' } = await read();
    await write('two');
    await write('three');
    expect((await read({ VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('two');
    expect(await read({ VersionId: first })).toMatchObject({ SecretString: 'one', VersionStages: [] });
  });

  test('has no previous version before the first rotation', async () => {
    await expect(read({ VersionStage: 'AWSPREVIOUS' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret value for staging label: AWSPREVIOUS",
    });
  });

  test('dates each version by the clock it was given', async () => {
    now = NOON + 5_000;
    await write('two');
    expect((await read()).CreatedDate).toEqual(new Date(NOON + 5_000));
    expect((await read({ VersionStage: 'AWSPREVIOUS' })).CreatedDate).toEqual(new Date(NOON));
  });

  test('does nothing when the same token brings the same value again', async () => {
    await write('two', { ClientRequestToken: TOKEN });
    expect(await write('two', { ClientRequestToken: TOKEN })).toMatchObject({ VersionId: TOKEN });
    expect((await read({ VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('one');
  });

  test('refuses another value under a token that was used', async () => {
    await write('two', { ClientRequestToken: TOKEN });
    await expect(write('three', { ClientRequestToken: TOKEN })).rejects.toMatchObject({
      name: 'ResourceExistsException',
    });
  });

  test('leaves the current version alone when another stage is asked for', async () => {
    await write('two', { VersionStages: ['AWSPENDING'] });
    expect((await read()).SecretString).toBe('one');
    expect((await read({ VersionStage: 'AWSPENDING' })).SecretString).toBe('two');
  });

  test('refuses to store nothing', async () => {
    const nothing = client.send(new PutSecretValueCommand({ SecretId: 'Veriff' }));
    await expect(nothing).rejects.toMatchObject({ name: 'InvalidRequestException' });
  });
});

describe('moving stages', () => {
  const move = (input: { RemoveFromVersionId?: string; MoveToVersionId?: string }, stage = 'AWSCURRENT') =>
    client.send(new UpdateSecretVersionStageCommand({ SecretId: 'Veriff', VersionStage: stage, ...input }));

  test('rolls back: the previous version becomes current, the current one previous', async () => {
    const { VersionId: first = '' } = await read();
    const { VersionId: second = '' } = await write('two');
    await move({ RemoveFromVersionId: second, MoveToVersionId: first });
    const { VersionIdsToStages } = await client.send(new DescribeSecretCommand({ SecretId: 'Veriff' }));
    expect(VersionIdsToStages).toEqual({ [first]: ['AWSCURRENT'], [second]: ['AWSPREVIOUS'] });
  });

  test('wants to be told where the stage is taken from', async () => {
    await write('two', { ClientRequestToken: TOKEN, VersionStages: ['AWSPENDING'] });
    await expect(move({ MoveToVersionId: TOKEN })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  test('never takes AWSCURRENT away without another version to carry it', async () => {
    const { VersionId = '' } = await read();
    await expect(move({ RemoveFromVersionId: VersionId })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  test('refuses a version that does not carry the stage asked for', async () => {
    const { VersionId = '' } = await read();
    await write('two');
    await expect(read({ VersionId, VersionStage: 'AWSCURRENT' })).rejects.toMatchObject({
      name: 'InvalidRequestException',
    });
  });
});

describe('what tests may do beyond AWS', () => {
  test('removes a stage, even AWSCURRENT', async () => {
    manager.store.removeStage('Veriff', 'AWSCURRENT');
    await expect(read()).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  test('makes a version older', async () => {
    manager.store.backdate('Veriff', 'AWSCURRENT', 60_000);
    expect((await read()).CreatedDate).toEqual(new Date(NOON - 60_000));
  });

  test('counts the reads over HTTP by stage, failed ones included', async () => {
    await read();
    await read({ VersionStage: 'AWSPREVIOUS' }).catch(() => {});
    manager.store.get('Veriff');
    expect([manager.reads(), manager.reads('AWSCURRENT'), manager.reads('AWSPREVIOUS')]).toEqual([2, 1, 1]);
  });
});

test('answers UnknownOperationException for what it does not know', async () => {
  const response = await fetch(manager.endpoint, {
    method: 'POST',
    headers: { 'x-amz-target': 'secretsmanager.DeleteSecret' },
    body: '{}',
  });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ __type: 'UnknownOperationException' });
});

test('answers SerializationException for a body that is not JSON', async () => {
  const response = await fetch(manager.endpoint, { method: 'POST', body: '{' });
  expect(await response.json()).toMatchObject({ __type: 'SerializationException' });
});
