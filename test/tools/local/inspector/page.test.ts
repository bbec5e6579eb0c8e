import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { webhook } from '../../../support/webhook.ts';
import { deliveries, inspectInBrowser, queue, send } from './browser.ts';

const { stack, open, takeComplaints } = inspectInBrowser();

async function post(options: Parameters<typeof webhook>[0]): Promise<void> {
  const { body, headers } = webhook({ secret: stack().secret ?? '', ...options });
  await fetch(stack().url, { method: 'POST', body: Buffer.from(body), headers });
}

describe('a delivery', () => {
  test('appears when it is answered, with outcome, status, time, event id and cold start', async () => {
    const page = await open();
    await page.getByText('Nothing yet.').waitFor();
    await post({});
    const row = deliveries(page).first();
    await row.getByText('accepted').waitFor();
    expect(await row.innerText()).toMatch(
      /^accepted\s+200\s+\d+ ms\s+\d\d:\d\d:\d\d\s+Custom status for suspicious attempt\s+[0-9a-f]{12}\s+cold start \d+ ms$/,
    );
    expect(await page.getByText('Nothing yet.').isVisible()).toBe(false);
  });

  test('that was tampered with is refused, and the reason is the one that the sender is not told', async () => {
    const page = await open();
    await send(page, 'Tampered');
    await deliveries(page).getByText('signature-mismatch').waitFor();
    expect(await deliveries(page).innerText()).toMatch(/^refused\s+401/);
    expect(await queue(page, 'Queue').innerText()).toMatch(/^0/);
  });

  test('without a signature is refused', async () => {
    const page = await open();
    await send(page, 'Unsigned');
    await deliveries(page).getByText('signature-missing').waitFor();
  });

  test('that is repeated has the same event id each time', async () => {
    const page = await open();
    await send(page, 'Repeated');
    await deliveries(page).nth(2).waitFor();
    const ids = await deliveries(page).locator('code').allInnerTexts();
    expect([ids.length, new Set(ids).size]).toEqual([3, 1]);
  });

  test('that is invalid raises the depth of the quarantine, and says why', async () => {
    const page = await open();
    await send(page, 'Signed', 'invalid/data-missing');
    await deliveries(page).getByText('invalid-event · data: missing').waitFor();
    await page.getByRole('button', { name: '1 Quarantine' }).waitFor();
  });

  test('shows what was asked and answered, when opened', async () => {
    const page = await open();
    await send(page);
    await deliveries(page).first().locator('summary').click();
    const answer = await page.getByRole('region', { name: 'Answer' }).innerText();
    expect(JSON.parse(answer)).toMatchObject({ status: 'accepted' });
    expect(await page.getByRole('region', { name: 'Request' }).innerText()).toMatch(
      /x-hmac-signature: \w{64}/,
    );
  });

  test('that came before the page was opened, or while it was gone, is there', async () => {
    await post({});
    const page = await open();
    await deliveries(page).first().waitFor();
    await page.reload();
    await deliveries(page).first().waitFor();
    expect(await deliveries(page).count()).toBe(1);
  });
});

describe('a queue', () => {
  test('shows its messages byte for byte with their attributes, and follows a subscriber', async () => {
    const page = await open();
    await send(page, 'Signed', 'compact');
    await page.getByRole('button', { name: '1 Queue' }).click();
    await page.getByRole('list', { name: 'Messages: Queue' }).locator('summary').click();
    const body = await page.getByRole('region', { name: 'Body' }).textContent();
    expect(body).toBe(
      await readFile(new URL('../../../../contract/samples/compact.json', import.meta.url), 'utf8'),
    );
    expect(await page.locator('dt').allInnerTexts()).toContain('eventId');
    await stack().sqs.purge(stack().queues.main.url);
    await page.getByText('Queue: nothing lies here.').waitFor();
  });
});

test('text of a payload is shown as text and runs nothing', async () => {
  const page = await open();
  const hostile = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
  await page.getByLabel('Status').fill(hostile);
  await send(page);
  await deliveries(page).getByText(hostile).waitFor();
  await deliveries(page).locator('summary').click();
  await queue(page, 'Queue').click();
  await page.locator('#messages summary').click();
  expect(await page.getByRole('region', { name: 'Body' }).textContent()).toContain('<script>');
  expect(await page.title()).toBe('Inspector · local stack');
  expect(await page.locator('main img, main script').count()).toBe(0);
});

test('the form says what is wrong with an order', async () => {
  const page = await open();
  await page.getByLabel('Sample').selectOption('invalid/not-an-object');
  await page.getByLabel('Reason').fill('x');
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByRole('alert').getByText('expected a user-status event to change').waitFor();
  expect(takeComplaints()).toEqual([expect.stringContaining('400 (Bad Request)')]);
});

test('tells when the stack is gone', async () => {
  const page = await open();
  await stack().stop();
  await page.getByRole('status').getByText('Not connected').waitFor();
  expect(takeComplaints()).not.toEqual([]);
});
