import { expect, test } from 'vitest';
import { readFile } from '../../../functions/receiver/no-config-files.ts';

test('a configuration file is missing, as the SDK takes it, whatever its name', async () => {
  await expect(readFile('/home/.aws/config')).rejects.toMatchObject({
    code: 'ENOENT',
    message: expect.stringContaining('/home/.aws/config'),
  });
});
