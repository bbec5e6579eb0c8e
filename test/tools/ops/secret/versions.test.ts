import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseSecretValue, type StoredKey } from '../../../../functions/receiver/secret-value.ts';
import { type SecretsManager, startSecretsManager } from '../../../../tools/local/secrets-manager.ts';
import { revoking } from '../../../../tools/ops/secret/change.ts';
import { statusText } from '../../../../tools/ops/secret/status.ts';
import { carryOut } from '../../../../tools/ops/secret/store.ts';
import { keysOf, readVersions } from '../../../../tools/ops/secret/versions.ts';
import { startCannedAws } from '../../../support/canned-aws.ts';

const NAME = 'Veriff';
const ARN = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Veriff-Ab12Cd';
const NOON = Date.UTC(2026, 0, 1, 12);
const HOUR_MS = 3_600_000;
const OLD = 'the-old-key-0123456789';
const NEW = 'the-new-key-0123456789';
const NEWEST = 'the-newest-key-0123456789';

let now = NOON;
let manager: SecretsManager;
let client: SecretsManagerClient;
const clientOf = (endpoint: string) =>
  new SecretsManagerClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });

beforeEach(async () => {
  now = NOON;
  manager = await startSecretsManager({ now: () => now });
  manager.store.create(NAME, ARN, { SecretString: OLD });
  client = clientOf(manager.endpoint);
});
afterEach(async () => {
  client.destroy();
  await manager.stop();
});

function keys(...secrets: string[]): readonly StoredKey[] {
  const parsed = parseSecretValue(JSON.stringify(secrets));
  return parsed.ok ? parsed.keys : [];
}
const stored = (stage: string) => manager.store.get(NAME, { stage }).value;
const labels = () => Object.keys(manager.store.list()[0]?.labels ?? {}).sort();
const at = (secretsManager = client) => ({
  secretsManager,
  outputs: { SecretName: NAME, PreviousSecretGraceHours: 24 },
});
const read = () => readVersions(at());

describe('reading', () => {
  /** A Secrets Manager that answers so to a read of a version that has this label. */
  async function refusing(stage: string, type: string) {
    const refused = await startCannedAws(({ input }) =>
      input.VersionStage === stage
        ? [400, { __type: type, Message: 'No.' }]
        : [200, { VersionId: 'v', SecretString: OLD, CreatedDate: 1 }],
    );
    const toIt = clientOf(refused.endpoint);
    return readVersions(at(toIt)).finally(async () => {
      toIt.destroy();
      await refused.stop();
    });
  }

  test('ends with the error when the current version cannot be read', async () => {
    await expect(refusing('AWSCURRENT', 'AccessDeniedException')).rejects.toThrow('No.');
  });

  test('does without the previous version when it cannot be read, says why, and not that its keys have ended', async () => {
    const versions = await refusing('AWSPREVIOUS', 'DecryptionFailure');
    expect(keysOf(versions.current)).toEqual(keys(OLD));
    expect(versions).toMatchObject({ previous: undefined, previousFailure: 'DecryptionFailure: No.' });
    expect(statusText(versions, {})).toContain('whether those of AWSPREVIOUS still do is not known.');
  });

  test('of a secret that is scheduled for deletion ends with how to restore it', async () => {
    manager.store.scheduleDeletion(NAME);
    await expect(readVersions(at())).rejects.toThrow(
      `Veriff is scheduled for deletion; restore it with "aws secretsmanager restore-secret --secret-id 'Veriff'"`,
    );
  });

  test.each([
    ['the current version, when it is the later one', 0, 25],
    ['the previous version, when the labels were rolled back', 2, 26],
  ])('counts the grace period from the creation of %s', async (_which, laterHours, untilHours) => {
    now = NOON + HOUR_MS;
    const { versionId: second } = manager.store.put(NAME, { SecretString: NEW });
    if (laterHours > 0) {
      const first = manager.store.get(NAME, { stage: 'AWSPREVIOUS' }).versionId;
      manager.store.backdate(NAME, 'AWSCURRENT', -HOUR_MS);
      manager.store.moveStage(NAME, 'AWSCURRENT', second, first);
    }
    const until = new Date(NOON + untilHours * HOUR_MS);
    expect((await readVersions(at(), new Date(now))).previousUntil).toEqual(until);
    expect((await readVersions(at(), until)).previousUntil).toBeUndefined();
  });
});

describe('storing', () => {
  const change = { current: keys(NEW), previous: undefined, consequences: [] };

  test('leaves the version before as the previous one, and no other label', async () => {
    await carryOut(at(), await read(), change);
    expect([stored('AWSCURRENT'), stored('AWSPREVIOUS')]).toEqual([
      { SecretString: NEW },
      { SecretString: OLD },
    ]);
    expect(labels()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  test('refuses to write over what somebody stored since it was read', async () => {
    const before = await read();
    manager.store.put(NAME, { SecretString: NEWEST });
    await expect(carryOut(at(), before, change)).rejects.toThrow('somebody stored a value meanwhile');
    expect(stored('AWSCURRENT')).toEqual({ SecretString: NEWEST });
    expect(labels()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  test('of two at once lets one through', async () => {
    const before = await read();
    const both = await Promise.allSettled([
      carryOut(at(), before, change),
      carryOut(at(), before, { ...change, current: keys(NEWEST) }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(stored('AWSPREVIOUS')).toEqual({ SecretString: OLD });
  });

  test('makes the first version of a secret that has none', async () => {
    manager.store.removeStage(NAME, 'AWSCURRENT');
    await carryOut(at(), await read(), change);
    expect(stored('AWSCURRENT')).toEqual({ SecretString: NEW });
  });

  test('refuses more keys than the receiver tries, and stores nothing', async () => {
    const many = Array.from({ length: 21 }, (_, index) => ({ ...keys(NEW)[0], secret: `${NEW}-${index}` }));
    const current = many.flatMap(({ secret }) => keys(secret));
    await expect(carryOut(at(), await read(), { ...change, current })).rejects.toThrow('20 at most');
    expect(labels()).toEqual(['AWSCURRENT']);
  });

  test('puts what is given into the previous version', async () => {
    await carryOut(at(), await read(), { ...change, previous: keys(NEWEST) });
    expect([stored('AWSCURRENT'), stored('AWSPREVIOUS')]).toEqual([
      { SecretString: NEW },
      { SecretString: NEWEST },
    ]);
    expect(labels()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  test('takes AWSPREVIOUS away when it is to hold no key', async () => {
    await carryOut(at(), await read(), change);
    await carryOut(at(), await read(), { current: undefined, previous: [], consequences: [] });
    expect(stored('AWSCURRENT')).toEqual({ SecretString: NEW });
    expect(labels()).toEqual(['AWSCURRENT']);
  });

  test('ends a previous version that could not be read, when a key of it may be revoked', async () => {
    await carryOut(at(), await read(), change);
    const unread = {
      ...(await read()),
      previous: undefined,
      previousFailure: 'No.',
      previousUntil: undefined,
    };
    const [{ fingerprint } = { fingerprint: '' }] = keys(OLD);
    await carryOut(at(), unread, revoking(unread, fingerprint));
    expect([stored('AWSCURRENT'), stored('AWSPREVIOUS')]).toEqual([
      { SecretString: NEW },
      { SecretString: NEW },
    ]);
    expect(labels()).toEqual(['AWSCURRENT', 'AWSPREVIOUS']);
  });

  test('without a key stores what opens nothing', async () => {
    await carryOut(at(), await read(), { ...change, current: [], previous: [] });
    const { current, previous } = await readVersions(at());
    expect([current?.parsed, previous]).toEqual([
      expect.objectContaining({ isPlaceholder: true }),
      undefined,
    ]);
  });

  test('says that AWSPREVIOUS still holds the key when only AWSCURRENT could be stored', async () => {
    const before = await read();
    await carryOut(at(), before, change);
    await expect(
      carryOut(at(), before, { current: undefined, previous: [], consequences: [] }),
    ).resolves.toBeUndefined();
    const late = await read();
    manager.store.put(NAME, { SecretString: NEWEST });
    await expect(
      carryOut(at(), late, { current: undefined, previous: [], consequences: [] }),
    ).rejects.toThrow('AWSPREVIOUS still holds the key: mend the cause and run this again');
  });
});
