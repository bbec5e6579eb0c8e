import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject } from 'vitest';
import type { InspectedStack } from '../../../tools/inspector/inspector.ts';
import { startInspectedStack } from '../../../tools/inspector/inspector.ts';
import { chromiumOptions, missingChromium } from '../../support/chromium.ts';

interface Inspected {
  /** Of the test that runs. */
  stack(): InspectedStack;
  /** The page, live; whatever the browser complains about fails the test. */
  open(options?: BrowserContextOptions, url?: string): Promise<Page>;
  /** What the browser complained about until now: taken out, so that it fails nothing. */
  takeComplaints(): string[];
}

/** A browser for the test file, and for each test a stack with an inspector. */
export function inspectInBrowser(): Inspected {
  const missing = missingChromium();
  let browser: Browser | undefined;
  let stack: InspectedStack | undefined;
  let complaints: string[] = [];

  beforeAll(async () => {
    if (missing === undefined) browser = await chromium.launch(chromiumOptions);
  });
  beforeEach(async ({ skip }) => {
    skip(missing !== undefined, missing);
    complaints = [];
    stack = await startInspectedStack({ assemblyDir: inject('assemblyDir') });
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
    async open(options = {}, url = running().inspectorUrl) {
      if (browser === undefined) throw new Error('expected a browser, got none');
      const context = await browser.newContext({
        reducedMotion: 'reduce',
        permissions: ['clipboard-read', 'clipboard-write'],
        ...options,
      });
      const page = await context.newPage();
      page.setDefaultTimeout(30_000);
      page.on('console', (message) => {
        if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(url);
      await page.getByText('Live', { exact: true }).waitFor();
      return page;
    },
  };
}

export const deliveries = (page: Page) => page.getByRole('list', { name: 'Deliveries' }).locator('> li');

export const queue = (page: Page, name: string) =>
  page.getByRole('button', { name: new RegExp(`^\\d+ ${name}$`) });

/** Fills in the form, submits it and waits for what became of it. */
export async function send(page: Page, sample = 'user-status-created') {
  await page.getByLabel('Sample').selectOption(sample);
  await submit(page);
}

export async function submit(page: Page) {
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await page.locator('#send-result button').first().waitFor();
}

/** The button of the one delivery or message that is open. */
export const button = (page: Page, name: string) =>
  page.locator('li').getByRole('button', { name, exact: true });
