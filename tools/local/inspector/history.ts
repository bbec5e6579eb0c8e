import * as v from 'valibot';
import type { Outcome } from '../../../functions/receiver/receive.ts';
import type { DeliveryRecord } from '../delivery-record.ts';
import { clip } from './clip.ts';
import type { DeliveryDetails, DeliverySummary } from './protocol.ts';

const KEPT = 200;

interface Entry {
  readonly record: DeliveryRecord;
  readonly title: string | undefined;
}

/** The latest deliveries. The answer of a refused one says nothing of the reason, so the function's log is read, too. */
export class History {
  readonly #entries = new Map<string, Entry>();
  readonly #whys = new Map<string, readonly string[]>();

  delivered(record: DeliveryRecord): DeliverySummary {
    const entry = { record, title: titleOf(bodyOf(record)) };
    this.#entries.set(record.requestId, entry);
    forgetOldest(this.#entries);
    return this.#summary(entry);
  }

  /** The deliveries that this line of the log says more about. It may come before they do. */
  logged(line: string): readonly DeliverySummary[] {
    const read = v.safeParse(logLine, line);
    if (!read.success) return [];
    const { requestId, message } = read.output;
    const { reason, problems, dependency, failure } = message;
    const cause = failure?.message ?? failure?.name;
    const why = [reason, ...problems, [dependency, cause].filter(Boolean).join(': ')].filter(isText);
    this.#whys.set(requestId, why);
    forgetOldest(this.#whys);
    return [...this.#entries.values()]
      .filter((entry) => entry.record.functionRequestId === requestId)
      .map((entry) => this.#summary(entry));
  }

  summaries(): readonly DeliverySummary[] {
    return [...this.#entries.values()].map((entry) => this.#summary(entry));
  }

  details(id: string): DeliveryDetails | undefined {
    const record = this.#entries.get(id)?.record;
    if (record === undefined) return undefined;
    const headers = Object.entries(record.event?.headers ?? {}).map(([name, value]) => `${name}: ${value}`);
    return {
      request: clip([`${record.method} ${record.path}`, ...headers, '', bodyOf(record)].join('\n')),
      answer: clip(record.responseBody),
    };
  }

  #summary({ record, title }: Entry): DeliverySummary {
    const logged = this.#whys.get(record.functionRequestId ?? '');
    return {
      id: record.requestId,
      at: record.at.toISOString(),
      method: record.method,
      path: clip(record.path, 200),
      outcome: record.outcome,
      status: record.status,
      ms: record.ms,
      eventId: record.eventId,
      title,
      why: logged ?? [record.reason].filter(isText),
      coldStartMs: record.coldStartMs,
    };
  }
}

const text = v.optional(v.string());

/** The lines of the function's report that give a reason. */
const logLine = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    requestId: v.string(),
    message: v.object({
      outcome: v.picklist(['Refused', 'Quarantined', 'Unavailable'] satisfies Outcome['kind'][]),
      reason: text,
      problems: v.optional(v.array(v.string()), []),
      dependency: text,
      failure: v.optional(v.object({ name: text, message: text })),
    }),
  }),
);

const payload = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    data: v.object({
      verification: v.object({ userDefinedData: v.object({ status: v.string() }) }),
    }),
  }),
);

function titleOf(body: string): string | undefined {
  const read = v.safeParse(payload, body);
  return read.success ? clip(read.output.data.verification.userDefinedData.status, 200) : undefined;
}

function bodyOf({ event }: DeliveryRecord): string {
  return Buffer.from(event?.body ?? '', event?.isBase64Encoded ? 'base64' : 'utf8').toString('utf8');
}

function isText(value: string | undefined): value is string {
  return value !== undefined && value !== '';
}

function forgetOldest(map: Map<string, unknown>): void {
  for (const [key] of map) {
    if (map.size <= KEPT) return;
    map.delete(key);
  }
}
