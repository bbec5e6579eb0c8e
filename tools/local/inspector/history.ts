import * as v from 'valibot';
import type { Outcome } from '../../../functions/receiver/receive.ts';
import type { DeliveryRecord } from '../delivery-record.ts';
import { clip } from './clip.ts';
import type { DeliveryDetails, DeliverySummary } from './protocol.ts';

const KEPT = 200;

interface Entry {
  readonly record: DeliveryRecord;
  readonly title: string | undefined;
  readonly trace: string | undefined;
}

/** The latest deliveries. The answer of a refused one says nothing of the reason, so the function's log is read, too. */
export class History {
  readonly #entries = new Map<string, Entry>();
  readonly #whys = new Map<string, readonly string[]>();

  delivered(record: DeliveryRecord): DeliverySummary {
    const trace = traceIdOf(record.event?.headers['x-amzn-trace-id']);
    const entry = { record, trace, title: titleOf(bodyOf(record)) };
    this.#entries.set(record.requestId, entry);
    forgetOldest(this.#entries);
    return this.#summary(entry);
  }

  /** The deliveries that this line of the log says more about. It may come before they do. */
  logged(line: string): readonly DeliverySummary[] {
    const read = v.safeParse(logLine, line);
    if (!read.success) return [];
    const { xray_trace_id: trace, reason, problems, dependency, failure } = read.output;
    const cause = failure?.message ?? failure?.name;
    const why = [reason, ...problems, [dependency, cause].filter(Boolean).join(': ')].filter(isText);
    this.#whys.set(trace, why);
    forgetOldest(this.#whys);
    return [...this.#entries.values()]
      .filter((entry) => entry.trace === trace)
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

  #summary({ record, title, trace }: Entry): DeliverySummary {
    const logged = trace === undefined ? undefined : this.#whys.get(trace);
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
    xray_trace_id: v.string(),
    message: v.picklist(['Refused', 'Quarantined', 'Unavailable'] satisfies Outcome['kind'][]),
    reason: text,
    problems: v.optional(v.array(v.string()), []),
    dependency: text,
    failure: v.optional(v.object({ name: text, message: text })),
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

function traceIdOf(header: string | undefined): string | undefined {
  return header === undefined ? undefined : /Root=([^;]+)/.exec(header)?.[1];
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
