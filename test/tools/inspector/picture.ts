/** Takes the README's pictures: `node tools/node24.mjs test/tools/inspector/picture.ts`; Debian's Chromium, or that of `CHROMIUM`. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { startInspectedStack } from '../../../tools/inspector/inspector.ts';
import { GUARD_HEADER } from '../../../tools/inspector/protocol.ts';
import { DEFAULT_PORT } from '../../../tools/local/addresses.ts';
import { DEFAULT_SAMPLE } from '../../../tools/ops/delivery.ts';
import { chromiumOptions } from '../../support/chromium.ts';

const directory = fileURLToPath(new URL('../../../docs/images/', import.meta.url));
const stack = await startInspectedStack({ port: DEFAULT_PORT });
const browser = await chromium.launch(chromiumOptions);

const orders = [
  { manner: 'unsigned' },
  { status: 'Needs a second look' },
  { sample: 'invalid/data-missing' },
  { sample: 'unfamiliar-event-type' },
  { manner: 'tampered', status: 'Approved by hand' },
  { count: 2 },
];
for (const order of orders) {
  const body = JSON.stringify({ sample: DEFAULT_SAMPLE, manner: 'signed', count: 1, ...order });
  const headers = { [GUARD_HEADER]: 'picture' };
  await fetch(new URL('/_inspector/send', stack.url), { method: 'POST', headers, body });
}

for (const [name, colorScheme] of [
  ['inspector', 'light'],
  ['inspector-dark', 'dark'],
] as const) {
  const page = await browser.newPage({
    colorScheme,
    viewport: { width: 1120, height: 720 },
    deviceScaleFactor: 1280 / 1120,
  });
  await page.goto(stack.inspectorUrl);
  const row = page
    .getByRole('list', { name: 'Deliveries' })
    .locator('li')
    .filter({ hasText: 'data: missing' });
  const summary = row.locator('summary').first();
  await summary.click();
  await page.getByRole('region', { name: 'Answer' }).waitFor();
  // Without the focus and the pointer on it.
  await summary.blur();
  await page.mouse.move(0, 0);
  await page.waitForTimeout(1000);
  await page.screenshot({ path: join(directory, `${name}.png`) });
}
await browser.close();
await stack.stop();
