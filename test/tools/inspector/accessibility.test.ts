import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { createInspector } from '../../../tools/inspector/inspector.ts';
import { toRecord } from '../../../tools/local/delivery-record.ts';
import { serveOnLoopback } from '../../../tools/local/loopback.ts';
import { deliveries, inspectInBrowser, queue, send, submit } from './browser.ts';

const { stack, open } = inspectInBrowser();

const contrast = await readFile(new URL('./contrast.js', import.meta.url), 'utf8');

test('everything works by the keyboard alone, and the focus is seen', async () => {
  const page = await open();
  const tabTo = async (selector: string) => {
    for (let count = 0; count < 30; count += 1) {
      await page.keyboard.press('Tab');
      if (await page.locator(`${selector}:focus-visible`).count()) break;
    }
    const isSeen = await page.evaluate(`{
      const { outlineStyle, boxShadow } = getComputedStyle(document.querySelector('${selector}'));
      outlineStyle === 'solid' || boxShadow !== 'none';
    }`);
    expect([selector, isSeen]).toEqual([selector, true]);
  };
  await tabTo('#sample');
  await page.keyboard.type('altered');
  await tabTo('[type=submit]');
  await page.keyboard.press('Enter');
  await deliveries(page).getByText('signature-mismatch').waitFor();
  expect(await page.locator('[type=submit]:focus').count()).toBe(1);
  await tabTo('[aria-controls=messages]:nth-of-type(2)');
  await page.keyboard.press('Space');
  await page.getByText('Quarantine: nothing lies here.').waitFor();
  await tabTo('[aria-labelledby=deliveries-heading] summary');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Answer' }).waitFor();
});

test('a delivery that somebody asked for before it was there takes no focus when it comes', async () => {
  const inspector = await createInspector(stack());
  const server = await serveOnLoopback(0, (request, response) => void inspector.answer(request, response));
  const page = await open({}, server.origin);
  const late = record(undefined);
  const fate = { id: late.requestId, outcome: 'refused', status: 401, why: [] };
  await page.route('**/_inspector/send', (route) => route.fulfill({ json: [fate] }));
  await submit(page);
  await page.locator('#send-result button').click();
  await page.getByLabel('Search').focus();
  inspector.delivered(late);
  await deliveries(page).first().waitFor();
  await polite(page).getByText('New delivery').waitFor();
  expect(await page.locator('input:focus').getAttribute('type')).toBe('search');
  await page.close();
  await server.stop();
});

describe('a screen reader', () => {
  test('is told of a delivery', async () => {
    const page = await open();
    await send(page, 'unsigned');
    await polite(page).getByText('New delivery: refused, 401, signature-missing').waitFor();
  });

  test('is told once of a delivery whose line of the log comes late after its answer, with its reason', async () => {
    const inspector = await createInspector(stack());
    const server = await serveOnLoopback(0, (request, response) => void inspector.answer(request, response));
    const page = await open({}, server.origin);
    await page.evaluate(`{
      const said = (window.said = []);
      const region = document.querySelector('[aria-live=polite]');
      new MutationObserver(() => said.push(region.textContent)).observe(region, { childList: true });
    }`);
    inspector.delivered(record('late'));
    inspector.delivered(record(undefined));
    await polite(page).getByText('New delivery: refused, 401').waitFor();
    inspector.logged(JSON.stringify({ requestId: 'late', outcome: 'Refused', reason: 'signature-mismatch' }));
    await polite(page).getByText('signature-mismatch').waitFor();
    const said = await page.evaluate('window.said');
    expect(said).toEqual(['New delivery: refused, 401', 'New delivery: refused, 401, signature-mismatch']);
    await page.close();
    await server.stop();
  });
});

/** A delivery that the function never saw is complete at once. Answered in the future, one waits for its line. */
function record(functionRequestId: string | undefined) {
  const at = new Date(Date.now() - 3_600_000);
  const exchange = { at, method: 'POST', path: '/', status: 401, ms: 7_200_000, responseBody: '{}' };
  return toRecord({
    ...exchange,
    requestId: randomUUID(),
    ...(functionRequestId && { functionRequestId }),
  });
}

const polite = (page: Page) => page.locator('[aria-live=polite]');

describe.each(['light', 'dark'] as const)('in the %s theme', (colorScheme) => {
  test('all text has the contrast that WCAG AA asks for', async () => {
    const page = await open({ colorScheme });
    await send(page);
    await send(page, 'tampered');
    await send(page, 'invalid/data-missing');
    await fetch(new URL('/elsewhere', stack().url));
    await deliveries(page).nth(3).waitFor();
    await deliveries(page).last().locator('summary').first().click();
    await queue(page, 'Queue').click();
    await page.locator('#messages summary').click();
    await page.getByText('More fields').click();
    await page.getByText('Body', { exact: true }).first().click();
    const found = await page.evaluate<{ checked: number; poor: string[] }>(contrast);
    expect(found.checked).toBeGreaterThan(40);
    expect(found.poor).toEqual([]);
  });

  test('nothing is wider than a screen of 360 px', async () => {
    const page = await open({ colorScheme, viewport: { width: 360, height: 640 } });
    await page.getByLabel('Status').fill('W'.repeat(300));
    await send(page);
    await deliveries(page).locator('summary').first().click();
    await queue(page, 'Queue').click();
    await page.locator('#messages summary').click();
    await page.getByRole('region', { name: 'Body' }).nth(1).waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });
});
