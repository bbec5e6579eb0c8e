import { readdir, readFile } from 'node:fs/promises';
import * as v from 'valibot';
import { TOOLS_USER_AGENT } from '../../functions/receiver/own-tools.ts';
import { sign } from '../../functions/receiver/signature.ts';
import { nameOf } from '../cli/failure.ts';
import { isLoopback } from '../local/addresses.ts';

const SAMPLES = new URL('../../contract/samples/', import.meta.url);

export const DEFAULT_SAMPLE = 'user-status-created';
/** Veriff sends the ids of the customer's integration here; nobody signs them. */
const INTEGRATION_KEY = '6f3f4b1e-58c1-4b1a-9c0e-1d2f3a4b5c6d';
const INTEGRATION_ID = '2b7d9c1a-0e4f-4a86-8d3b-5c6e7f8a9b0c';

/** The status is as set in the Customer Portal; `statusCode` follows from it. */
export type Overrides = Readonly<
  Partial<Record<'status' | 'reason' | 'session' | 'attempt' | 'vendorData', string | undefined>>
>;

export interface WebhookRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

export async function sampleNames(): Promise<string[]> {
  const files = await readdir(SAMPLES, { recursive: true });
  return files
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.replaceAll('\\', '/').replace(/\.json$/, ''))
    .sort();
}

export async function readSample(name: string): Promise<Uint8Array<ArrayBuffer>> {
  const names = await sampleNames();
  if (names.includes(name)) return Uint8Array.from(await readFile(new URL(`${name}.json`, SAMPLES)));
  const alike = names.filter((one) => one.includes(name)).join(' or ');
  const todo = alike === '' ? '"npm run send -- --help" lists them' : `choose ${alike}`;
  throw new Error(`expected a sample, got ${name}; ${todo}`);
}

const payload = v.looseObject({
  data: v.looseObject({ verification: v.looseObject({ userDefinedData: v.looseObject({}) }) }),
});

/** The payload with the overrides in it; without any, the very same bytes. */
export function override(
  body: Uint8Array<ArrayBuffer>,
  { status, reason, session, attempt, vendorData }: Overrides,
): Uint8Array<ArrayBuffer> {
  const statusCode = status === undefined ? undefined : statusCodeOf(status);
  const inData = withoutUndefined({ status, statusCode, reason });
  const inEvent = withoutUndefined({ sessionId: session, attemptId: attempt, vendorData });
  if (Object.keys({ ...inData, ...inEvent }).length === 0) return body;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), payload), new TextDecoder().decode(body));
  if (!parsed.success) {
    const got =
      parsed.issues[0].type === 'parse_json' ? 'no JSON' : 'JSON without data.verification.userDefinedData';
    throw new Error(`expected a user-status event to change, got ${got}; send it without changes`);
  }
  const { data, ...others } = parsed.output;
  Object.assign(data.verification.userDefinedData, inData);
  return new TextEncoder().encode(JSON.stringify({ ...others, ...inEvent, data }, undefined, 4));
}

function withoutUndefined(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** Veriff derives the code from the text the same way: "Custom status" becomes `custom_status`. */
function statusCodeOf(status: string): string {
  return status
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '_')
    .replace(/^_+|_+$/g, '');
}

interface DeliveryOptions {
  /** Signs it; unsigned when left out. */
  readonly secret?: string | undefined;
  /** Alters the body after signing. */
  readonly tamper?: boolean;
}

/** A delivery as Veriff would send it. */
export function buildDelivery(
  body: Uint8Array<ArrayBuffer>,
  { secret, tamper = false }: DeliveryOptions,
): WebhookRequest {
  return {
    headers: {
      'content-type': 'application/json',
      'user-agent': TOOLS_USER_AGENT,
      'x-auth-client': INTEGRATION_KEY,
      ...(secret !== undefined && { 'x-hmac-signature': sign(secret, body) }),
      'vrf-integration-id': INTEGRATION_ID,
    },
    // A space at the end leaves the JSON as it was: nothing but the signature can tell.
    body: tamper ? Uint8Array.from([...body, 0x20]) : body,
  };
}

export type Answer = Awaited<ReturnType<typeof post>>;

export async function post(url: URL, delivery: WebhookRequest, limitMs = 30_000) {
  const startedAt = performance.now();
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: delivery.body,
      headers: delivery.headers,
      // A redirect would turn it into a GET, and whoever answers that would be taken for the receiver.
      redirect: 'manual',
      signal: AbortSignal.timeout(limitMs),
    });
    const { status, headers } = response;
    return { status, headers, body: await response.text(), ms: performance.now() - startedAt };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const todo = isLoopback(url)
      ? 'start the local stack with "npm start", or give its port; its address begins with http:'
      : 'see that the address is right, and the network, or HTTPS_PROXY';
    throw new Error(`expected an answer from ${url}, got ${nameOf(cause)}; ${todo}`);
  }
}
