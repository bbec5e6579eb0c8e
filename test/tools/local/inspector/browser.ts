import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from 'vitest';
import type { LocalStack } from '../../../../tools/local/stack.ts';
import { startLocalStack } from '../../../../tools/local/stack.ts';
import { chromiumOptions, missingChromium } from '../../../support/chromium.ts';

interface Inspected {
  /** Of the test that runs. */
  stack(): LocalStack;
  /** The page, live; whatever the browser complains about fails the test. */
  open(options?: BrowserContextOptions): Promise<Page>;
  /** What the browser complained about until now: taken out, so that it fails nothing. */
  takeComplaints(): string[];
}

/** A browser for the test file, and for each test a stack with an inspector. */
export function inspectInBrowser(): Inspected {
  const missing = missingChromium();
  let browser: Browser | undefined;
  let stack: LocalStack | undefined;
  let complaints: string[] = [];

  beforeAll(async () => {
    if (missing === undefined) browser = await chromium.launch(chromiumOptions);
  });
  beforeEach(async ({ skip }) => {
    skip(missing !== undefined, missing);
    complaints = [];
    stack = await startLocalStack({ assemblyDir: inject('assemblyDir'), inspector: true });
  });
  afterEach(async () => {
    for (const context of browser?.contexts() ?? []) await context.close();
    await stack?.stop();
    expect(complaints).toEqual([]);
  });
  afterAll(() => browser?.close());

  const running = () => {
    if (stack === undefined) throw new Error('expected a stack, got none before the test');
    return stack;
  };
  return {
    stack: running,
    takeComplaints: () => complaints.splice(0),
    async open(options = {}) {
      if (browser === undefined) throw new Error('expected a browser, got none');
      const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
      const page = await context.newPage();
      page.setDefaultTimeout(15_000);
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(running().inspectorUrl ?? '');
      await page.getByText('Live', { exact: true }).waitFor();
      return page;
    },
  };
}

export const deliveries = (page: Page) => page.getByRole('list', { name: 'Deliveries' }).locator('> li');

export const queue = (page: Page, name: string) => page.getByRole('button', { name });

type Manner = 'Signed' | 'Tampered' | 'Unsigned' | 'Repeated';

/** Fills in the form, submits it and waits for the answer. */
export async function send(page: Page, manner: Manner = 'Signed', sample = 'user-status-created') {
  await page.getByLabel('Sample').selectOption(sample);
  await page.getByRole('radio', { name: new RegExp(`^${manner} `) }).check();
  await page.getByRole('button', { name: 'Send' }).click();
  await page.getByText(/^Answer: /).waitFor();
}
