import {
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { localClient } from '../../../tools/local/addresses.ts';
import { type SecretsManager, startSecretsManager } from '../../../tools/local/secrets-manager.ts';

const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Veriff-Ab12Cd';
const NOON = Date.UTC(2026, 0, 1, 12);

let now = NOON;
let manager: SecretsManager;
let client: SecretsManagerClient;

beforeEach(async () => {
  now = NOON;
  manager = await startSecretsManager({ now: () => now });
  manager.store.create('Veriff', ARN, { SecretString: 'one' });
  client = new SecretsManagerClient({ ...localClient(manager.endpoint), maxAttempts: 1 });
});

afterEach(async () => {
  client.destroy();
  await manager.stop();
});

const read = (input: { SecretId?: string; VersionStage?: string } = {}) =>
  client.send(new GetSecretValueCommand({ SecretId: 'Veriff', ...input }));
const write = (value: string, input: { VersionStages?: string[] } = {}) =>
  client.send(new PutSecretValueCommand({ SecretId: 'Veriff', SecretString: value, ...input }));
const labels = () => manager.store.list()[0]?.labels;

describe('finding a secret', () => {
  test.each([
    ['its name', 'Veriff'],
    ['its ARN', ARN],
  ])('finds it by %s', async (_how, SecretId) => {
    expect(await read({ SecretId })).toMatchObject({ SecretString: 'one' });
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

  test('answers InvalidRequestException while the secret is scheduled for deletion', async () => {
    manager.store.scheduleDeletion('Veriff');
    for (const refused of [read(), write('two')]) {
      await expect(refused).rejects.toMatchObject({
        name: 'InvalidRequestException',
        message: "You can't perform this operation on the secret because it was marked for deletion.",
      });
    }
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
    await write('two');
    await write('three');
    expect((await read({ VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('two');
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

  test('leaves the current version alone when another stage is asked for', async () => {
    await write('two', { VersionStages: ['AWSPENDING'] });
    expect((await read()).SecretString).toBe('one');
    expect((await read({ VersionStage: 'AWSPENDING' })).SecretString).toBe('two');
  });

  test('refuses to store nothing', async () => {
    const nothing = client.send(new PutSecretValueCommand({ SecretId: 'Veriff' }));
    await expect(nothing).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('moving stages', () => {
  const move = (input: { RemoveFromVersionId?: string; MoveToVersionId?: string }, stage = 'AWSCURRENT') =>
    client.send(new UpdateSecretVersionStageCommand({ SecretId: 'Veriff', VersionStage: stage, ...input }));

  test('rolls back: the previous version becomes current, the current one previous', async () => {
    const { VersionId: first = '' } = await read();
    const { VersionId: second = '' } = await write('two');
    await move({ RemoveFromVersionId: second, MoveToVersionId: first });
    expect(labels()).toEqual({ AWSCURRENT: first, AWSPREVIOUS: second });
  });

  test('takes a stage away from the version that has it', async () => {
    const { VersionId: first = '' } = await read();
    await write('two');
    await move({ RemoveFromVersionId: first }, 'AWSPREVIOUS');
    expect(labels()).not.toHaveProperty('AWSPREVIOUS');
  });

  test('wants to be told where the stage is taken from', async () => {
    const { VersionId: MoveToVersionId = '' } = await write('two', { VersionStages: ['AWSPENDING'] });
    await expect(move({ MoveToVersionId })).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  test('never takes AWSCURRENT away without another version to carry it', async () => {
    const { VersionId = '' } = await read();
    await expect(move({ RemoveFromVersionId: VersionId })).rejects.toMatchObject({
      name: 'InvalidParameterException',
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
  const headers = { 'x-amz-target': 'secretsmanager.DeleteSecret' };
  const response = await fetch(manager.endpoint, { method: 'POST', headers, body: '{}' });
  expect(response.status).toBe(400);
  expect(await response.json()).toMatchObject({ __type: 'UnknownOperationException' });
});
