import { describe, expect, test } from 'vitest';
import { deliveries, inspectInBrowser, queue, send, submit } from './browser.ts';

const { open, takeComplaints } = inspectInBrowser();

describe('the form', () => {
  test('groups the samples by what becomes of them', async () => {
    const page = await open();
    const groups: [string, string, string][] = [
      ['accepted', 'ids-null', 'accepted'],
      ['quarantined', 'other-webhooks/decision', 'quarantined'],
      ['refused', 'signed with another key', 'refused'],
    ];
    for (const [group, name, outcome] of groups) {
      expect(await page.locator(`optgroup[label=${group}]`).innerText()).toContain(name);
      await page.getByLabel('Sample').selectOption({ label: name });
      await submit(page);
      await page.locator('#send-result').getByText(outcome).waitFor();
    }
  });

  test('says what became of a delivery, and opens it', async () => {
    const page = await open();
    await send(page, 'invalid/data-missing');
    await page.locator('#send-result').getByText('200 quarantined · invalid-event · data: missing').click();
    await page.getByRole('region', { name: 'Answer' }).waitFor();
    expect(await page.locator('summary:focus').innerText()).toContain('quarantined');
    // Shown once: a row that comes back later does not take the focus from the search.
    const search = page.getByLabel('Search');
    await search.fill('no such text');
    await page.getByText('0 of 1 match.').waitFor();
    await search.fill('');
    await deliveries(page).first().waitFor();
    expect(await page.locator('input:focus').getAttribute('type')).toBe('search');
  });

  test('sends session, attempt and vendor data', async () => {
    const page = await open();
    await page.getByText('More fields').click();
    for (const name of ['Session', 'Attempt', 'Vendor data']) await page.getByLabel(name).fill(`my ${name}`);
    await send(page);
    await deliveries(page).first().locator('summary').first().click();
    expect(
      JSON.parse(await page.getByRole('region', { name: 'Body' }).locator('pre').innerText()),
    ).toMatchObject({
      sessionId: 'my Session',
      attemptId: 'my Attempt',
      vendorData: 'my Vendor data',
    });
  });

  test('sends several deliveries of one event, with the same event id each', async () => {
    const page = await open();
    await page.getByLabel('Times to send it').fill('3');
    await submit(page);
    await deliveries(page).nth(2).waitFor();
    const ids = await deliveries(page).locator('code').allInnerTexts();
    expect([ids.length, new Set(ids).size]).toEqual([3, 1]);
    await page.locator('#send-result').getByText('3 × 200 accepted').waitFor();
    expect(await page.getByLabel('Times to send it').inputValue()).toBe('3');
  });

  test('sends an edited body as it is, whatever the fields hold that change a sample', async () => {
    const page = await open();
    await page.getByText('More fields').click();
    const names = ['Status', 'Reason', 'Session', 'Attempt', 'Vendor data'];
    for (const name of names) await page.getByLabel(name).fill('of the field');
    await page.getByText('Body', { exact: true }).click();
    const editor = page.getByRole('textbox', { name: 'Body' });
    const edited = (await editor.inputValue()).replace('Looks like', 'Edited: looks like');
    await editor.fill(edited);
    await submit(page);
    await queue(page, 'Queue').click();
    await page.locator('#messages summary').click();
    expect(
      await page.locator('#messages').getByRole('region', { name: 'Body' }).locator('pre').textContent(),
    ).toBe(edited);
    for (const name of names) expect(await page.getByLabel(name).isDisabled()).toBe(true);
    expect(await page.getByLabel('Integration').isDisabled()).toBe(false);
  });

  test('sends the sample again after an edit was taken back, and keeps the focus there', async () => {
    const page = await open();
    await page.getByText('Body', { exact: true }).click();
    await page.getByRole('textbox', { name: 'Body' }).fill('[]');
    await submit(page);
    await page.locator('#send-result').getByText('quarantined').waitFor();
    await page.getByRole('button', { name: 'Back to the sample' }).click();
    await page.locator('summary:focus', { hasText: /^Body$/ }).waitFor();
    await submit(page);
    await page.locator('#send-result').getByText('accepted').waitFor();
  });

  test('says what is wrong with an order, at the field, which stays open', async () => {
    const page = await open();
    await page.getByLabel('Sample').selectOption('invalid/not-an-object');
    await page.getByLabel('Reason').fill('x');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('alert').getByText('reason: expected a user-status event to change').waitFor();
    expect(await page.locator('[aria-invalid]').getAttribute('name')).toBe('reason');
    await page.getByLabel('Reason').fill('');
    await page.getByText('More fields').click();
    await page.getByLabel('Integration').fill('nobody');
    await page.getByText('More fields').click();
    // Looked at as soon as it is drawn: a field that opens a frame later moves what somebody is about to click.
    await page.evaluate(`{
      const look = () => {
        const field = document.querySelector('[name=integration][aria-invalid]');
        if (field) window.isSeen ??= field.checkVisibility();
      };
      new MutationObserver(look).observe(document, { subtree: true, childList: true, attributes: true });
    }`);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await page.getByRole('alert').getByText('integration: ').waitFor();
    expect(await page.evaluate('window.isSeen')).toBe(true);
    // The next order must not fold the field that has the focus.
    await page.getByLabel('Integration').fill('');
    await page.keyboard.press('Enter');
    await page.locator('#send-result button').waitFor();
    expect(await page.locator('input:focus').getAttribute('name')).toBe('integration');
    const refused = expect.stringContaining('400 (Bad Request)');
    expect(takeComplaints()).toEqual([refused, refused]);
  });
});
