import * as v from 'valibot';
import type { DeliveryRecord } from '../local/delivery-record.ts';
import { clip } from './clip.ts';
import { KEPT, type ShownDelivery } from './protocol.ts';

const LINES = 50;
/** API Gateway's answer doesn't say it. */
const THROTTLED = 'more than the options throttleRate and throttleBurst allow';

interface Logged {
  readonly lines: string[];
  why?: readonly string[];
}

/**
 * The latest deliveries of each outcome. The answer to a refused one says nothing of the reason, so the function's log
 * is read, too.
 */
export function createHistory() {
  const records = new Map<string, DeliveryRecord>();
  /** By the function's id of a request: a line may come before its delivery does. */
  const logs = new Map<string, Logged>();
  const counts = new Map<string, number>();

  const show = (record: DeliveryRecord) => shown(record, logs.get(record.functionRequestId ?? ''));

  return {
    counts: () => Object.fromEntries(counts),
    record: (id: string) => records.get(id),
    /** Oldest first. */
    deliveries: () => [...records.values()].map(show),
    delivered(record: DeliveryRecord): ShownDelivery {
      records.set(record.requestId, record);
      counts.set(record.outcome, (counts.get(record.outcome) ?? 0) + 1);
      const [oldest, ...others] = [...records.values()].filter(({ outcome }) => outcome === record.outcome);
      if (oldest !== undefined && others.length >= KEPT) {
        records.delete(oldest.requestId);
        logs.delete(oldest.functionRequestId ?? '');
      }
      return show(record);
    },
    /** The delivery that this line of the log says more about, when it has come already. */
    logged(line: string): ShownDelivery | undefined {
      const read = v.safeParse(logLine, line);
      if (!read.success) return undefined;
      const { requestId } = read.output;
      const logged = logs.get(requestId) ?? { lines: [] };
      logs.set(requestId, logged);
      if (logged.lines.length < LINES) logged.lines.push(clip(line));
      const said = v.safeParse(reportLine, line);
      if (said.success) logged.why = whyOf(said.output);
      const record = [...records.values()].findLast((one) => one.functionRequestId === requestId);
      return record && show(record);
    },
    clear() {
      for (const map of [records, logs, counts]) map.clear();
    },
  };
}

function shown(record: DeliveryRecord, logged: Logged | undefined): ShownDelivery {
  const { requestId, at, method, path, reason, event, responseBody, functionRequestId, ...rest } = record;
  const bytes = bodyOf(record);
  const body = bytes.toString('utf8');
  const said = rest.status === 429 ? [THROTTLED] : reason === undefined ? [] : [reason];
  const headers = Object.entries(event?.headers ?? {}).map(([name, value]) => [name, value ?? '']);
  return {
    ...rest,
    id: requestId,
    at: at.toISOString(),
    title: clip(titleOf(body) ?? `${method} ${path}`, 200),
    why: logged?.why?.length ? logged.why : said,
    log: logged?.lines ?? [],
    isSettled: functionRequestId === undefined || logged?.why !== undefined,
    headers: Object.fromEntries(headers),
    body: clip(body),
    isWhole: event !== undefined && clip(body) === body && bytes.equals(Buffer.from(body)),
    answer: clip(responseBody),
  };
}

/** Empty when the function was not called with it. */
export function bodyOf({ event }: DeliveryRecord): Buffer<ArrayBuffer> {
  return Buffer.from(event?.body ?? '', event?.isBase64Encoded ? 'base64' : 'utf8');
}

const text = v.optional(v.string());
/** The line of the function's report; of other lines only whose they are. */
const report = v.object({
  outcome: v.string(),
  reason: text,
  problems: v.optional(v.array(v.string()), []),
  dependency: text,
  failure: v.optional(v.object({ name: text, message: text })),
});
const reportLine = v.pipe(v.string(), v.parseJson(), report);
const logLine = v.pipe(v.string(), v.parseJson(), v.object({ requestId: v.pipe(v.string(), v.nonEmpty()) }));

function whyOf({ reason, problems, dependency, failure }: v.InferOutput<typeof report>): readonly string[] {
  const cause = [dependency, failure?.message ?? failure?.name].filter(Boolean).join(': ');
  return [reason ?? '', ...problems, cause].filter((part) => part !== '');
}

const userDefinedData = v.object({ status: v.string() });
const verification = v.object({ userDefinedData });
const payload = v.pipe(v.string(), v.parseJson(), v.object({ data: v.object({ verification }) }));

function titleOf(body: string): string | undefined {
  const read = v.safeParse(payload, body);
  return read.success
    ? read.output.data.verification.userDefinedData.status.trim() || '(empty status)'
    : undefined;
}
