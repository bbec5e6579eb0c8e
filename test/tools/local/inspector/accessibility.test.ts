import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { deliveries, inspectInBrowser, queue, send } from './browser.ts';

const { stack, open } = inspectInBrowser();

const contrast = await readFile(new URL('./contrast.js', import.meta.url), 'utf8');

test('everything works by the keyboard alone, and the focus is seen', async () => {
  const page = await open();
  const tabTo = async (selector: string) => {
    for (let count = 0; count < 30; count += 1) {
      await page.keyboard.press('Tab');
      if (await page.locator(`${selector}:focus-visible`).count()) break;
    }
    const style = await page.evaluate(`getComputedStyle(document.querySelector('${selector}')).outlineStyle`);
    expect([selector, style]).toEqual([selector, 'solid']);
  };
  await tabTo('#sample');
  await tabTo('input[value=signed]');
  await page.keyboard.press('ArrowDown');
  await tabTo('#send-button');
  await page.keyboard.press('Enter');
  await deliveries(page).getByText('signature-mismatch').waitFor();
  expect(await page.locator('#send-button:focus').count()).toBe(1);
  await tabTo('[data-queue=quarantine]');
  await page.keyboard.press('Space');
  await page.getByText('Quarantine: nothing lies here.').waitFor();
  await tabTo('#deliveries summary');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Answer' }).waitFor();
});

test('a delivery is announced to a screen reader', async () => {
  const page = await open();
  await send(page, 'Unsigned');
  const polite = page.locator('[aria-live=polite]');
  await polite.getByText('New delivery: refused, 401, signature-missing').waitFor();
});

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  test('all text has the contrast that WCAG AA asks for', async () => {
    const page = await open({ colorScheme });
    await send(page);
    await send(page, 'Tampered');
    await send(page, 'Signed', 'invalid/data-missing');
    await fetch(new URL('/elsewhere', stack().url));
    await deliveries(page).nth(3).waitFor();
    await deliveries(page).last().locator('summary').click();
    await queue(page, 'Queue').click();
    await page.locator('#messages summary').click();
    await page.getByText('Integration', { exact: true }).click();
    const found = await page.evaluate<{ checked: number; poor: string[] }>(contrast);
    expect(found.checked).toBeGreaterThan(40);
    expect(found.poor).toEqual([]);
  });

  test('nothing is wider than a screen of 360 px', async () => {
    const page = await open({ colorScheme, viewport: { width: 360, height: 640 } });
    await page.getByLabel('Status').fill('W'.repeat(300));
    await send(page);
    await deliveries(page).locator('summary').click();
    await queue(page, 'Queue').click();
    await page.locator('#messages summary').click();
    await page.getByRole('region', { name: 'Body' }).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });
});
