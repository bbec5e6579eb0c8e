/** What the fuzzer's judge reads of an event, in code of its own: the function's may be wrong. */

/** The bytes that were posted. */
export function bytesOf(event: unknown): Buffer {
  const body = at(event, 'body');
  if (typeof body !== 'string') return Buffer.alloc(0);
  return Buffer.from(body, at(event, 'isBase64Encoded') === true ? 'base64' : 'utf8');
}

/** Every text that a header of one of these names holds, in whatever case. */
export function headersOf(event: unknown, ...names: readonly string[]): string[] {
  const headers = at(event, 'headers');
  if (typeof headers !== 'object' || headers === null) return [];
  return Object.keys(headers)
    .filter((name) => names.includes(name.toLowerCase()))
    .map((name) => at(headers, name))
    .filter((value) => typeof value === 'string');
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

const TIME = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(\.\d{1,9})?(Z| ?[+-]([01]\d|2[0-3])(:?[0-5]\d)?)$/;

/** Whether a calendar and a clock show this date and time: `Date` takes 30 February for 2 March. */
function isTime(text: string): boolean {
  const [, day, clock] = TIME.exec(text) ?? [];
  const date = new Date(`${day}T${clock}Z`);
  return (
    !Number.isNaN(date.getTime()) &&
    date.getUTCFullYear() > 0 &&
    date.toISOString().startsWith(`${day}T${clock}`)
  );
}

/** How many levels of JSON are around the deepest value. */
function depthOf(json: string): number {
  let depth = 0;
  const depths = json
    .replaceAll(/"(?:[^"\\]+|\\.)*"/gs, '')
    .replaceAll(/[^[\]{}]/g, '')
    .split('')
    .map((bracket) => {
      depth += bracket === '[' || bracket === '{' ? 1 : -1;
      return depth;
    });
  return depths.reduce((deepest, one) => Math.max(deepest, one), 0);
}

const STATUS = ['data', 'verification', 'userDefinedData'];

/** Whether a text is a `user-status.created`, as Veriff's documentation describes it. */
export function isEvent(text: string): boolean {
  const payload = parsed(text);
  const isFilled = (...path: readonly string[]) => {
    const value = at(payload, ...path);
    return typeof value === 'string' && value !== '' && value.isWellFormed();
  };
  const isOptional = (id: unknown) => id == null || (typeof id === 'string' && id.isWellFormed());
  const isText = (...path: readonly string[]) => typeof at(payload, ...path) === 'string';
  const hasTime = (...path: readonly string[]) => isText(...path) && isTime(String(at(payload, ...path)));
  return (
    at(payload, 'eventType') === 'user-status.created' &&
    isFilled('sessionId') &&
    isFilled('attemptId') &&
    hasTime('time') &&
    [at(payload, 'vendorData'), at(payload, 'endUserId')].every(isOptional) &&
    isFilled('data', 'verification', 'id') &&
    isText(...STATUS, 'status') &&
    isFilled(...STATUS, 'statusCode') &&
    isText(...STATUS, 'reason') &&
    at(payload, ...STATUS, 'reasonCode') !== undefined &&
    isOptional(at(payload, ...STATUS, 'reasonCode')) &&
    hasTime(...STATUS, 'createdAt') &&
    depthOf(text) <= 64
  );
}
