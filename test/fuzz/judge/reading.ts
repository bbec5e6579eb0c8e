/** What the fuzzer's judge reads of an event, in code of its own: the function's may be wrong. */
import { createHmac } from 'node:crypto';

/** The bytes that were posted. */
export function bytesOf(event: unknown): Buffer {
  const body = at(event, 'body');
  if (typeof body !== 'string') return Buffer.alloc(0);
  return Buffer.from(body, at(event, 'isBase64Encoded') === true ? 'base64' : 'utf8');
}

/** The digests of the signature headers, in whatever case. */
export function signaturesOf(event: unknown): string[] {
  const headers = Object.entries(Object(at(event, 'headers')));
  return headers
    .filter(([name]) => ['x-hmac-signature', 'vrf-hmac-signature'].includes(name.toLowerCase()))
    .map(([, value]) => value)
    .filter((value) => typeof value === 'string');
}

export function hmac(bytes: Buffer | string, secret: string): string {
  return createHmac('sha256', secret).update(bytes).digest('hex');
}

/** The value at a path, or undefined when there is none. */
export function at(value: unknown, ...path: readonly string[]): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  return typeof value === 'object' && value !== null ? at(Reflect.get(value, key), ...rest) : undefined;
}

export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The text of bytes that are UTF-8. */
export function textOf(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString('utf8');
  return Buffer.from(text).equals(bytes) ? text : undefined;
}
