import * as v from 'valibot';
import type { DeliveryRecord } from '../local/delivery-record.ts';
import type { WebhookRequest } from '../ops/delivery.ts';
import { ownHeaders } from './again.ts';
import { clip } from './clip.ts';
import { keep } from './protocol.ts';

/** API Gateway's answer doesn't say it. */
const THROTTLED = 'more than the options throttleRate and throttleBurst allow';

/** The latest deliveries of each outcome. Why one was refused, only the function's log says. */
export function createHistory() {
  const records = new Map<string, DeliveryRecord>();
  /** By the function's id of a request: a line may come before its delivery does. */
  const logs = new Map<string, readonly LogLine[]>();
  const counts = new Map<string, number>();

  const kept = (id: string): DeliveryRecord => {
    const found = records.get(id);
    if (found === undefined) throw new Error('expected a delivery that is still shown, got none');
    return found;
  };
  const show = (record: DeliveryRecord) => shown(record, logs.get(record.functionRequestId ?? '') ?? []);

  return {
    counts: () => Object.fromEntries(counts),
    /** @throws Error when it is no longer kept */
    fate(id: string) {
      const { outcome, status, why } = show(kept(id));
      return { id, outcome, status, why };
    },
    /**
     * The same bytes under the same signature.
     * @throws Error when it is no longer kept
     */
    again(id: string): WebhookRequest {
      const record = kept(id);
      return { headers: ownHeaders(record.event?.headers ?? {}), body: bodyOf(record) };
    },
    /** Oldest first. */
    deliveries: () => [...records.values()].map(show),
    delivered(record: DeliveryRecord) {
      const dropped = keep(records, record.requestId, record);
      logs.delete(dropped?.functionRequestId ?? '');
      counts.set(record.outcome, (counts.get(record.outcome) ?? 0) + 1);
      return show(record);
    },
    /** The delivery that this line of the log says more about, when it has come already. */
    logged(line: string) {
      const read = v.safeParse(logLine, line);
      if (!read.success) return undefined;
      const { requestId } = read.output;
      logs.set(requestId, [...(logs.get(requestId) ?? []), { ...read.output, line: clip(line) }]);
      const its = [...records.values()].findLast((one) => one.functionRequestId === requestId);
      return its && show(its);
    },
    clear() {
      for (const map of [records, logs, counts]) map.clear();
    },
  };
}

const text = v.optional(v.string());
/** A line of the function's log; one with an `outcome` is its report of a delivery, which says why. */
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
  v.transform(({ requestId, outcome, reason = '', problems, dependency, failure }) => {
    const cause = [dependency, failure?.message ?? failure?.name].filter(Boolean).join(': ');
    const why = [reason, ...problems, cause].filter((part) => part !== '');
    return { requestId, why: outcome === undefined ? undefined : why };
  }),
);
type LogLine = v.InferOutput<typeof logLine> & { readonly line: string };

export type ShownDelivery = ReturnType<typeof shown>;
/** What became of a delivery. */
export type Fate = Pick<ShownDelivery, 'id' | 'outcome' | 'status' | 'why'>;

function shown(record: DeliveryRecord, log: readonly LogLine[]) {
  const { requestId, at, method, path, reason, event, responseBody, functionRequestId, ...rest } = record;
  const bytes = bodyOf(record);
  const body = bytes.toString('utf8');
  const logged = log.findLast(({ why }) => why !== undefined)?.why;
  const answered = rest.status === 429 ? [THROTTLED] : reason === undefined ? [] : [reason];
  return {
    ...rest,
    id: requestId,
    at: at.toISOString(),
    /** The status as the payload names it, or else method and path. */
    title: clip(titleOf(body) ?? `${method} ${path}`, 200),
    /** As the function logged it, or said in its answer. */
    why: logged?.length ? logged : answered,
    log: log.map(({ line }) => line),
    /** Nothing more is to come: the line with the outcome is there, or no function was called. */
    isSettled: functionRequestId === undefined || logged !== undefined,
    headers: { ...event?.headers },
    body: clip(body),
    /** `body` is all of it, and text. */
    isWhole: event !== undefined && clip(body) === body && bytes.equals(Buffer.from(body)),
    answer: clip(responseBody),
  };
}

/** Empty when the function was not called with it. */
function bodyOf({ event }: DeliveryRecord): Buffer<ArrayBuffer> {
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
