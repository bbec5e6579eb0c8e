import * as v from 'valibot';
import type { DeliveryRecord } from '../local/delivery-record.ts';
import { clip } from './clip.ts';
import { type Fate, keep, type ShownDelivery } from './protocol.ts';

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

  const record = (id: string): DeliveryRecord => {
    const found = records.get(id);
    if (found === undefined) throw new Error('expected a delivery that is still shown, got none');
    return found;
  };
  const show = (record: DeliveryRecord) => shown(record, logs.get(record.functionRequestId ?? ''));

  return {
    counts: () => Object.fromEntries(counts),
    /** @throws Error when it is no longer kept */
    record,
    fate(id: string): Fate {
      const { outcome, status, why } = show(record(id));
      return { id, outcome, status, why };
    },
    /** Oldest first. */
    deliveries: () => [...records.values()].map(show),
    delivered(record: DeliveryRecord): ShownDelivery {
      const dropped = keep(records, record.requestId, record);
      logs.delete(dropped?.functionRequestId ?? '');
      counts.set(record.outcome, (counts.get(record.outcome) ?? 0) + 1);
      return show(record);
    },
    /** The delivery that this line of the log says more about, when it has come already. */
    logged(line: string): ShownDelivery | undefined {
      const read = v.safeParse(logLine, line);
      if (!read.success) return undefined;
      const { requestId } = read.output;
      const logged = logs.get(requestId) ?? { lines: [] };
      logs.set(requestId, logged);
      logged.lines.push(clip(line));
      if (read.output.outcome !== undefined) logged.why = whyOf(read.output);
      const its = [...records.values()].findLast((one) => one.functionRequestId === requestId);
      return its && show(its);
    },
    clear() {
      for (const map of [records, logs, counts]) map.clear();
    },
  };
}

const text = v.optional(v.string());
/** A line of the function's log; one with an `outcome` is its report of a delivery. */
const logLine = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    requestId: v.pipe(v.string(), v.nonEmpty()),
    outcome: text,
    reason: text,
    problems: v.optional(v.array(v.string()), []),
    dependency: text,
    failure: v.optional(v.object({ name: text, message: text })),
  }),
);
type LogLine = v.InferOutput<typeof logLine>;

function whyOf({ reason = '', problems, dependency, failure }: LogLine): readonly string[] {
  const cause = [dependency, failure?.message ?? failure?.name].filter(Boolean).join(': ');
  return [reason, ...problems, cause].filter((part) => part !== '');
}

function shown(record: DeliveryRecord, logged: Logged | undefined): ShownDelivery {
  const { requestId, at, method, path, reason, event, responseBody, functionRequestId, ...rest } = record;
  const bytes = bodyOf(record);
  const body = bytes.toString('utf8');
  const said = rest.status === 429 ? [THROTTLED] : reason === undefined ? [] : [reason];
  return {
    ...rest,
    id: requestId,
    at: at.toISOString(),
    title: clip(titleOf(body) ?? `${method} ${path}`, 200),
    why: logged?.why?.length ? logged.why : said,
    log: logged?.lines ?? [],
    isSettled: functionRequestId === undefined || logged?.why !== undefined,
    headers: { ...event?.headers },
    body: clip(body),
    isWhole: event !== undefined && clip(body) === body && bytes.equals(Buffer.from(body)),
    answer: clip(responseBody),
  };
}

/** Empty when the function was not called with it. */
export function bodyOf({ event }: DeliveryRecord): Buffer<ArrayBuffer> {
  return Buffer.from(event?.body ?? '', event?.isBase64Encoded ? 'base64' : 'utf8');
}

const payload = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    data: v.object({ verification: v.object({ userDefinedData: v.object({ status: v.string() }) }) }),
  }),
);

function titleOf(body: string): string | undefined {
  const { success, output } = v.safeParse(payload, body);
  return success ? output.data.verification.userDefinedData.status.trim() || '(empty status)' : undefined;
}
