import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { createInspector } from '../../../tools/inspector/inspector.ts';
import { serveOnLoopback } from '../../../tools/local/loopback.ts';
import { webhook } from '../../support/webhook.ts';
import { button, deliveries, inspectInBrowser, queue, send, submit } from './browser.ts';

const { stack, open, takeComplaints } = inspectInBrowser();

async function post(options: Parameters<typeof webhook>[0]): Promise<void> {
  const { body, headers } = webhook({ secret: stack().secret ?? '', ...options });
  await fetch(stack().url, { method: 'POST', body: Buffer.from(body), headers });
}

const openFirst = (page: Page) => deliveries(page).first().locator('summary').first().click();
const region = (page: Page, name: string) => page.getByRole('region', { name }).locator('pre');

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
    await send(page, 'tampered');
    await deliveries(page).getByText('signature-mismatch').waitFor();
    expect(await deliveries(page).innerText()).toMatch(/^refused\s+401/);
    expect(await queue(page, 'Queue').innerText()).toMatch(/^0/);
  });

  test('without a signature is refused', async () => {
    const page = await open();
    await send(page, 'unsigned');
    await deliveries(page).getByText('signature-missing').waitFor();
  });

  test('that is invalid raises the depth of the quarantine, and says why', async () => {
    const page = await open();
    await send(page, 'invalid/data-missing');
    await deliveries(page).getByText('invalid-event · data: missing').waitFor();
    await page.getByRole('button', { name: '1 Quarantine' }).waitFor();
  });

  test('with an empty status says so', async () => {
    const page = await open();
    await send(page, 'empty-texts');
    await deliveries(page).getByText('(empty status)').waitFor();
  });

  test('opens with its body, then the answer, why, the log and, folded, the headers', async () => {
    const page = await open();
    await send(page, 'invalid/data-missing');
    await deliveries(page).getByText('data: missing').waitFor();
    await openFirst(page);
    // The function's line may come after the answer.
    await region(page, 'Log').waitFor();
    const labels = await deliveries(page).locator('> details > section small').allInnerTexts();
    expect(labels).toEqual(['Body', 'Answer', 'Why', 'Log']);
    expect(await region(page, 'Body').innerText()).toMatch(/^\{\n {2}"/);
    expect(JSON.parse(await region(page, 'Answer').innerText())).toMatchObject({ status: 'quarantined' });
    expect(await region(page, 'Why').innerText()).toBe('invalid-event\ndata: missing');
    expect(JSON.parse(await region(page, 'Log').innerText())).toMatchObject({
      outcome: 'Quarantined',
    });
    await page.getByText('Headers', { exact: true }).click();
    expect(await region(page, 'Headers').innerText()).toMatch(/x-hmac-signature: \w{64}/);
  });

  test('is shown as it came when a line for each property would change more than white space', async () => {
    const bodies = ['{"digits":12345678901234567890}', '{"fraction":1.0}', '{"name":1,"name":2}'];
    for (const body of bodies) await post({ body });
    const page = await open();
    await openFirst(page);
    for (const index of [1, 2]) await deliveries(page).nth(index).locator('summary').first().click();
    await region(page, 'Body').nth(2).waitFor();
    expect(await region(page, 'Body').allInnerTexts()).toEqual(bodies.toReversed());
  });

  test('that is longer than what is shown of it is not to be copied, nor is its message', async () => {
    await post({ body: JSON.stringify('x'.repeat(70_000)) });
    const page = await open();
    await openFirst(page);
    await queue(page, 'Quarantine').click();
    await page.locator('#messages summary').click();
    await region(page, 'Body').getByText('more characters').nth(1).waitFor();
    expect(await button(page, 'Copy body').count()).toBe(0);
  });

  test('that came before the page was opened, or while it was gone, is there', async () => {
    await post({});
    const page = await open();
    await deliveries(page).first().waitFor();
    await page.reload();
    await deliveries(page).first().waitFor();
    expect(await deliveries(page).count()).toBe(1);
  });

  test('is sent again as it was: the same event id', async () => {
    const page = await open();
    await send(page);
    await openFirst(page);
    await button(page, 'Send again').click();
    await deliveries(page).nth(1).waitFor();
    const ids = await deliveries(page).locator('summary code').allInnerTexts();
    expect([ids.length, new Set(ids).size]).toEqual([2, 1]);
    await deliveries(page).getByText('200 accepted').waitFor();
  });

  test('is edited in the form and sent with a signature of its own', async () => {
    const page = await open();
    await send(page, 'unsigned');
    await openFirst(page);
    await button(page, 'Edit and send').click();
    const editor = page.locator('textarea:focus');
    await editor.waitFor();
    await editor.fill((await editor.inputValue()).replace('Custom status for suspicious attempt', 'Edited'));
    await submit(page);
    await deliveries(page).getByText('Edited').waitFor();
    expect(await deliveries(page).first().innerText()).toMatch(/^accepted\s+200/);
  });

  test('is copied: body, event id, and a curl command that sends it again', async () => {
    const page = await open();
    await page.getByLabel('Status').fill("it's $HOME & more");
    await send(page);
    await openFirst(page);
    const copy = async (what: string) => {
      await button(page, `Copy ${what}`).click();
      await page.getByText('Copied').waitFor();
      const text = await page.evaluate<string>('navigator.clipboard.readText()');
      await button(page, `Copy ${what}`).waitFor();
      return text;
    };
    const [body, eventId, curl] = [await copy('body'), await copy('event id'), await copy('as curl')];
    expect(JSON.parse(body)).toMatchObject({ eventType: 'user-status.created' });
    const { stdout } = await promisify(execFile)('sh', ['-c', curl]);
    expect(stdout).toMatch(/^HTTP\/1.1 200 OK/);
    expect(stdout).toContain(eventId);
  });
});

describe('the list', () => {
  test('is filtered by outcome and by what somebody searches for, and shows how much matches', async () => {
    const page = await open();
    await send(page, 'unsigned');
    await send(page, 'invalid/data-missing');
    await page.getByLabel('Status').fill('Needle');
    await send(page);
    await deliveries(page).nth(2).waitFor();
    await page.getByLabel('Outcome').selectOption({ label: 'quarantined (1)' });
    await expect
      .poll(() => deliveries(page).allInnerTexts())
      .toEqual([expect.stringMatching(/^quarantined/)]);
    await page.getByLabel('Outcome').selectOption({ label: 'All (3)' });
    await page.getByLabel('Search').fill('needle');
    await page.getByText('1 of 3 match.').waitFor();
    expect(await deliveries(page).allInnerTexts()).toEqual([expect.stringContaining('Needle')]);
  });

  test('is cleared, also for the next who opens the page', async () => {
    const page = await open();
    await send(page);
    await deliveries(page).first().waitFor();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('Nothing yet.').waitFor();
    await page.reload();
    await page.getByText('Nothing yet.').waitFor();
  });

  test('shows what comes after it was cleared, whatever was chosen before', async () => {
    const page = await open();
    await send(page);
    await page.getByLabel('Outcome').selectOption({ label: 'accepted (1)' });
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('button', { name: 'Clear' }).click();
    await page.getByText('Nothing yet.').waitFor();
    await page.getByRole('button', { name: 'Pause' }).waitFor();
    await send(page, 'unsigned');
    await deliveries(page).getByText('refused').waitFor();
    await send(page);
    await deliveries(page).nth(1).waitFor();
    expect(await page.getByLabel('Outcome').inputValue()).toBe('');
  });

  test('stands still while it is paused, and counts what comes', async () => {
    const page = await open();
    await send(page);
    await deliveries(page).first().waitFor();
    await page.getByRole('button', { name: 'Pause' }).click();
    await send(page, 'unsigned');
    const more = page.getByRole('button', { name: 'Continue (1 new)' });
    await more.waitFor();
    expect(await deliveries(page).count()).toBe(1);
    await more.click();
    await deliveries(page).nth(1).waitFor();
  });

  test('keeps the newest 200 of each outcome, and says of how many; all of them are shown and searched', async () => {
    const page = await open();
    await send(page, 'invalid/data-missing');
    await page.getByLabel('Sample').selectOption('user-status-created');
    await page.getByLabel('Times to send it').fill('250');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByText('250 × ').waitFor({ timeout: 45_000 });
    await page.getByText('201 of 251 are kept: the newest 200 of each outcome.').waitFor();
    expect(await deliveries(page).count()).toBe(201);
    await page.getByLabel('Search').fill('custom status');
    await page.getByText('200 of 201 match.').waitFor();
    await page.getByLabel('Outcome').selectOption({ label: 'quarantined (1)' });
    await page.getByText('0 of 1 match.').waitFor();
    expect(await page.getByText('are kept').count()).toBe(0);
    await queue(page, 'Quarantine').click();
    await page.locator('#messages summary').click();
    await button(page, 'Its delivery').click();
    expect(await page.locator('summary:focus').innerText()).toContain('quarantined');
  });
});

test('text of a payload is shown as text and runs nothing', async () => {
  const page = await open();
  const hostile = '<img src=x onerror="document.title=1"><script>document.title=1</script>';
  await page.getByLabel('Status').fill(hostile);
  await send(page);
  await deliveries(page).getByText(hostile).waitFor();
  await openFirst(page);
  await queue(page, 'Queue').click();
  await page.locator('#messages summary').click();
  for (const body of await page.getByRole('region', { name: 'Body' }).allInnerTexts()) {
    expect(body).toContain('<script>');
  }
  expect(await page.title()).toBe('Inspector · local stack');
  expect(await page.locator('main img, main script').count()).toBe(0);
});

test('tells when the stack is gone, also whoever clears the list', async () => {
  const page = await open();
  await stack().stop();
  await page.getByRole('status').getByText('Not connected').waitFor();
  await page.getByRole('button', { name: 'Clear' }).click();
  await page.getByRole('status').getByText('The local stack does not answer').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  // The page goes on trying, and would complain again.
  await page.close();
  expect(takeComplaints()).not.toEqual([]);
});

test('says nothing any more of what could not be done while the stack was gone', async () => {
  const inspector = await createInspector(stack());
  const serve = (port: number) =>
    serveOnLoopback(port, (request, response) => void inspector.answer(request, response));
  const { origin, port, stop } = await serve(0);
  const page = await open({}, origin);
  await stop();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.getByRole('button', { name: 'Clear' }).click();
  const failures = page.getByText('The local stack does not answer');
  await failures.nth(1).waitFor();
  const again = await serve(port);
  await page.getByText('Live', { exact: true }).waitFor();
  await expect.poll(() => failures.count()).toBe(0);
  await page.close();
  await again.stop();
  expect(takeComplaints()).not.toEqual([]);
});

test('says when the browser lets nothing be copied', async () => {
  const page = await open({ permissions: [] });
  await page.getByRole('button', { name: 'Copy URL' }).click();
  await page.getByText('Not copied').waitFor();
});
