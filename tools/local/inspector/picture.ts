/** Takes the README's pictures: `node tools/local/inspector/picture.ts`; Debian's Chromium, or that of `CHROMIUM`. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { DEFAULT_PORT } from '../addresses.ts';
import { startLocalStack } from '../stack.ts';

const directory = fileURLToPath(new URL('../../../docs/images/', import.meta.url));
const stack = await startLocalStack({ port: DEFAULT_PORT, inspector: true });
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
});

async function order(manner: string, sample: string, status?: string) {
  await fetch(new URL('/_inspector/send', stack.url), {
    method: 'POST',
    headers: { 'x-inspector': 'picture' },
    body: JSON.stringify({ manner, sample, status }),
  });
}

for (const [manner, sample, status] of [
  ['unsigned', 'user-status-created'],
  ['signed', 'user-status-created', 'Needs a second look'],
  ['signed', 'invalid/data-missing'],
  ['signed', 'unfamiliar-event-type'],
  ['tampered', 'user-status-created', 'Approved by hand'],
  ['repeated', 'user-status-created'],
] as const) {
  await order(manner, sample, status);
}

for (const [name, colorScheme] of [
  ['inspector', 'light'],
  ['inspector-dark', 'dark'],
] as const) {
  const page = await browser.newPage({
    colorScheme,
    viewport: { width: 1120, height: 665 },
    deviceScaleFactor: 1280 / 1120,
  });
  await page.goto(stack.inspectorUrl ?? '');
  await page.getByRole('list', { name: 'Deliveries' }).locator('li').nth(7).waitFor();
  await page.waitForTimeout(1000);
  await page.screenshot({ path: join(directory, `${name}.png`) });
}
await browser.close();
await stack.stop();
