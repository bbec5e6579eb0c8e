import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { CLIENT_OPTIONS } from '../../../functions/receiver/clients.ts';

const { streamCollector } = CLIENT_OPTIONS;

test('an answer that comes in pieces is read whole', async () => {
  const answer = Buffer.from('{"MessageId":"é"}');
  const pieces = [answer.subarray(0, 15), answer.subarray(15)];
  expect(Buffer.from(await streamCollector(Readable.from(pieces)))).toEqual(answer);
  expect(await streamCollector(Readable.from([]))).toHaveLength(0);
});

test('an answer that breaks off is an error', async () => {
  const breaking = Readable.from(
    (async function* () {
      yield Buffer.from('{"MessageId":');
      throw new Error('reset');
    })(),
  );
  await expect(streamCollector(breaking)).rejects.toThrow('reset');
});
