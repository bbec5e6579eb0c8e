import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { picture } from '../../tools/dashboard/draw.ts';
import { readDashboard } from '../../tools/dashboard/read.ts';

test('the picture in the documentation is that of the dashboard that is deployed', async () => {
  const drawn = await readFile(new URL('../../docs/images/dashboard.svg', import.meta.url), 'utf8');
  expect(picture(await readDashboard()) === drawn, 'draw it again with "npm run dashboard:picture"').toBe(
    true,
  );
});
