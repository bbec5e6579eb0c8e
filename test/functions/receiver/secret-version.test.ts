import type { RequestListener } from 'node:http';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { describe, expect, it } from 'vitest';
import { type ReadSecret, readFrom } from '../../../functions/receiver/secret-version.ts';
import { serveOnLoopback } from '../../../tools/local/loopback.ts';
import { startSecretsManager } from '../../../tools/local/secrets-manager.ts';

const START = Date.parse('2026-11-23T10:00:00Z');
const SCHEDULED = "You can't perform this operation on the secret because it was marked for deletion.";
const deadline = new AbortController().signal;

describe('Secrets Manager', () => {
  function readingFrom(endpoint: string): ReadSecret {
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const client = new SecretsManagerClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
    return readFrom(client, 'veriff');
  }

  /** One that answers in its own way, until the check and what it leads to are done. */
  async function answering(
    listener: RequestListener,
    check: (read: ReadSecret) => Promise<void>,
    then: Promise<void> = Promise.resolve(),
  ) {
    const { origin, stop } = await serveOnLoopback(0, listener);
    try {
      await check(readingFrom(origin));
      await then;
    } finally {
      await stop();
    }
  }

  async function reading(
    act: (read: ReadSecret, store: Awaited<ReturnType<typeof startSecretsManager>>['store']) => Promise<void>,
  ) {
    const { endpoint, store, stop } = await startSecretsManager({ now: () => START });
    store.create('veriff', 'arn:aws:secretsmanager:us-east-1:000000000000:secret:veriff-AbCdEf', {
      SecretString: 'first',
    });
    try {
      await act(readingFrom(endpoint), store);
    } finally {
      await stop();
    }
  }

  it('gives the version of a stage with its id and age', () =>
    reading(async (read, store) => {
      const { versionId } = store.get('veriff');
      expect(await read('AWSCURRENT', deadline)).toEqual({
        id: versionId,
        value: 'first',
        createdAt: new Date(START),
      });
    }));

  it('without a previous version gives none', () =>
    reading(async (read) => expect(await read('AWSPREVIOUS', deadline)).toBeUndefined()));

  it('without the secret gives none', () =>
    reading(async (read, store) => {
      store.remove('veriff');
      expect(await read('AWSCURRENT', deadline)).toBeUndefined();
    }));

  it('with a secret that is scheduled for deletion says to restore it, and keeps what AWS says', () =>
    answering(
      (_, response) =>
        response
          .writeHead(400)
          .end(JSON.stringify({ __type: 'InvalidRequestException', Message: SCHEDULED })),
      (read) =>
        expect(read('AWSCURRENT', deadline)).rejects.toMatchObject({
          name: 'UnusableSecretError',
          message: 'The secret is scheduled for deletion: restore it.',
          dependency: 'secret',
          isPlaceholder: false,
          cause: { message: SCHEDULED },
        }),
    ));

  it('gives a value that was stored as binary as the text that it is', () =>
    reading(async (read, store) => {
      store.put('veriff', { SecretBinary: Buffer.from('a key\n').toString('base64') });
      expect(await read('AWSCURRENT', deadline)).toMatchObject({ value: 'a key\n' });
    }));

  it.each([{ SecretString: 'first' }, { CreatedDate: 1 }])(
    'that does not give both the value and its age has given no secret: %j',
    (body) =>
      answering(
        (_, response) => response.writeHead(200).end(JSON.stringify(body)),
        (read) =>
          expect(read('AWSCURRENT', deadline)).rejects.toThrow(
            'Expected a secret value and its CreatedDate from Secrets Manager',
          ),
      ),
  );

  it('that does not answer in time has lost its connection: none is left waiting', async () => {
    const closed = Promise.withResolvers<void>();
    const time = new AbortController();
    await answering(
      ({ socket }) => {
        socket.once('close', () => closed.resolve());
        time.abort();
      },
      (read) => expect(read('AWSCURRENT', time.signal)).rejects.toThrow(),
      closed.promise,
    );
  });
});
