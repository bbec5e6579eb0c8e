import { readFile } from 'node:fs/promises';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { button, deliveries, inspectInBrowser, queue, send } from './browser.ts';

const { stack, open } = inspectInBrowser();

const action = (page: Page, name: string) =>
  page.locator('#messages').getByRole('button', { name, exact: true });
const messages = (page: Page) => page.locator('#messages li');

describe('a queue', () => {
  test('shows its messages byte for byte with their attributes, and follows a subscriber', async () => {
    const page = await open();
    await send(page, 'compact');
    await page.getByRole('button', { name: '1 Queue' }).click();
    await page.getByRole('list', { name: 'Messages: Queue' }).locator('summary').click();
    const body = await page.getByRole('region', { name: 'Body' }).locator('pre').textContent();
    expect(body).toBe(
      await readFile(new URL('../../../contract/samples/compact.json', import.meta.url), 'utf8'),
    );
    expect(await page.getByRole('region', { name: 'Attributes' }).innerText()).toMatch(
      /eventId: [0-9a-f]{64}/,
    );
    await stack().sqs.purge(stack().queues.main.url);
    await page.getByText('Queue: nothing lies here.').waitFor();
  });

  test('tells of each message event id, status, age and receives', async () => {
    const page = await open();
    await send(page);
    await queue(page, 'Queue').click();
    expect(await messages(page).innerText()).toMatch(
      /^custom_status_for_suspicious_attempt\s+[0-9a-f]{12}\s+\d+ s old, ready, received 0 times/,
    );
  });

  test('leads from a message to its delivery', async () => {
    const page = await open();
    await send(page, 'invalid/data-missing');
    await send(page);
    await page.getByLabel('Search').fill('something else');
    await queue(page, 'Quarantine').click();
    await messages(page).locator('summary').click();
    await page.getByRole('button', { name: 'Its delivery' }).click();
    await page.getByRole('region', { name: 'Answer' }).waitFor();
    expect(await page.locator('summary:focus').innerText()).toContain('quarantined');
  });

  test('lets a message be received and deleted, as a subscriber does', async () => {
    const page = await open();
    await send(page);
    await queue(page, 'Queue').click();
    await action(page, 'Receive 10').click();
    await messages(page).getByText('in flight, received 1 time').waitFor();
    await messages(page).locator('summary').click();
    await button(page, 'Delete').click();
    await page.getByText('Queue: nothing lies here.').waitFor();
    expect(await page.evaluate('document.activeElement !== document.body')).toBe(true);
  });

  test('takes a message back that a subscriber failed to handle', async () => {
    const page = await open();
    await send(page);
    await queue(page, 'Queue').click();
    await action(page, 'Receive 10').click();
    await messages(page).locator('summary').click();
    await button(page, 'Fail').click();
    await messages(page).getByText('ready, received 1 time').waitFor();
  });

  test('is emptied', async () => {
    const page = await open();
    await send(page, 'invalid/data-missing');
    await queue(page, 'Quarantine').click();
    await action(page, 'Purge').click();
    await page.getByText('Quarantine: nothing lies here.').waitFor();
  });

  test('lets messages fail until they are dead letters, and redrives these', async () => {
    const page = await open();
    await send(page);
    await send(page, 'ids-null');
    await queue(page, 'Queue').click();
    await action(page, 'Fail all').click();
    await page.getByText('2 failed, now dead letters.').waitFor();
    await page.getByRole('button', { name: '2 Dead letters' }).click();
    await messages(page).nth(1).waitFor();
    await action(page, 'Replay what is valid').click();
    await page.getByText('2 looked at: 2 sent.').waitFor();
    await page.getByRole('button', { name: '2 Queue' }).waitFor();
    expect(await stack().sqs.depth(stack().queues.deadLetter.name)).toBe(0);
  });

  test('replays from quarantine what is valid, and says what is not', async () => {
    const page = await open();
    await send(page, 'invalid/data-missing');
    const { queues, sqs } = stack();
    const valid = await readFile(new URL('../../../contract/samples/compact.json', import.meta.url), 'utf8');
    const reason = { reason: { DataType: 'String', StringValue: 'unfamiliar-event-type' } };
    await sqs.call('SendMessage', {
      QueueUrl: queues.quarantine.url,
      MessageBody: valid,
      MessageAttributes: reason,
    });
    await page.getByRole('button', { name: '2 Quarantine' }).click();
    await action(page, 'Replay what is valid').click();
    await page
      .getByText('2 looked at: 1 not valid, 1 sent.')
      .or(page.getByText('2 looked at: 1 sent, 1 not valid.'))
      .waitFor();
    await page.getByRole('button', { name: '1 Queue' }).waitFor();
    await page.getByRole('button', { name: '1 Quarantine' }).waitFor();
  });
});

test('an order is under way until its answer comes, and only the latest one is told of', async () => {
  const page = await open();
  await send(page);
  await queue(page, 'Queue').click();
  const held: (() => Promise<void>)[] = [];
  await page.route('**/_inspector/queues/main', (route) => {
    if (route.request().method() !== 'POST') return route.continue();
    const json = `answer ${held.length + 1}`;
    held.push(() => route.fulfill({ json }));
    return undefined;
  });
  await action(page, 'Receive 10').click();
  await page.getByText('Working…').waitFor();
  await action(page, 'Receive 10').click();
  await expect.poll(() => held.length).toBe(2);
  await held[1]?.();
  await page.getByText('answer 2').waitFor();
  const late = page.waitForResponse((response) => response.request().method() === 'POST');
  await held[0]?.();
  await (await late).finished();
  // An answer is told of after the queue was read again.
  await new Promise((resolve) => setTimeout(resolve, 700));
  expect(await page.locator('#messages').getByRole('status').innerText()).toBe('answer 2');
});

test('tells what it could not do: nothing lies there to receive, and what is in flight does not fail', async () => {
  const page = await open();
  await queue(page, 'Queue').click();
  await action(page, 'Receive 10').click();
  await page.getByText('Nothing to receive.').waitFor();
  await send(page);
  await messages(page).waitFor();
  await action(page, 'Receive 10').click();
  await page.getByText('1 received: hidden').waitFor();
  await action(page, 'Fail all').click();
  await page.getByText('0 failed, now dead letters. 1 still there: in flight').waitFor();
});

test('an outcome moves nothing that somebody is about to click', async () => {
  const page = await open();
  await send(page);
  await queue(page, 'Queue').click();
  const top = async () => (await messages(page).boundingBox())?.y;
  const before = await top();
  await action(page, 'Receive 10').click();
  await page.getByText('1 received').waitFor();
  expect(await top()).toBe(before);
});

test('no queue is called empty beside the messages that lie on it', async () => {
  const page = await open();
  const depths = { main: 0, quarantine: 0, deadLetter: 0 };
  await page.route('**/_inspector/queues', (route) => route.fulfill({ json: depths }));
  await send(page);
  await queue(page, 'Queue').click();
  await messages(page).waitFor();
  expect(await page.getByText('nothing lies here').count()).toBe(0);
});

test('a slow answer keeps the next request waiting, and one that comes too late is left out', async () => {
  const page = await open();
  await send(page);
  await queue(page, 'Queue').click();
  await messages(page).getByText('ready').waitFor();
  const held: (() => Promise<void>)[] = [];
  await page.route('**/_inspector/queues/main', async (route) => {
    if (route.request().method() === 'POST') return route.continue();
    const answer = await route.fetch();
    held.push(() => route.fulfill({ response: answer }));
  });
  await expect.poll(() => held.length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve, 1_200));
  expect(held.length).toBe(1);
  await action(page, 'Receive 10').click();
  await expect.poll(() => held.length).toBe(2);
  await held[1]?.();
  await messages(page).getByText('in flight').waitFor();
  await held[0]?.();
  await page.getByText('1 received').waitFor();
  expect(await messages(page).innerText()).toContain('in flight');
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

test('the newest 50 messages are shown, and how many there are', async () => {
  const page = await open();
  await page.getByLabel('Times to send it').fill('60');
  await send(page);
  await queue(page, 'Queue').click();
  await page.getByText('The newest 50 of 60.').waitFor();
  expect([await messages(page).count(), await deliveries(page).count()]).toEqual([50, 60]);
});
