export type Level = 'INFO' | 'WARN' | 'ERROR';

/**
 * Writes one line of the log: a JSON object with time, level, request id and these fields. With `counts` the line is in
 * CloudWatch's embedded metric format, too: each name is a metric without a unit, with the dimension `service`.
 */
export type Log = (
  level: Level,
  fields: Readonly<Record<string, unknown>>,
  counts?: Readonly<Record<string, number>>,
) => void;

export interface LogOptions {
  /** The CloudWatch namespace of the metrics. */
  readonly namespace: string;
  /** The value of the dimension `service`. */
  readonly service: string;
  /** The request that is under way; undefined in the init phase. */
  readonly requestId: () => string | undefined;
  /** Writes a line; the line break is in it. */
  readonly write: (line: string) => void;
  readonly now?: () => number;
}

/**
 * Lambda does not change a JSON line on standard output, and reads its `timestamp` and `level`. It would wrap a line that
 * `console` writes, and CloudWatch would find no metrics in it. Source: Lambda, "Log-level filtering"; CloudWatch,
 * "Specification: Embedded metric format".
 */
export function createLog({ namespace, service, requestId, write, now = Date.now }: LogOptions): Log {
  return (level, fields, counts = {}) => {
    const at = now();
    const metrics = Object.keys(counts).map((name) => ({ Name: name }));
    const line = {
      timestamp: new Date(at).toISOString(),
      level,
      requestId: requestId(),
      ...fields,
      ...(metrics.length > 0 && {
        service,
        ...counts,
        _aws: {
          Timestamp: at,
          CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [['service']], Metrics: metrics }],
        },
      }),
    };
    write(`${JSON.stringify(line)}\n`);
  };
}
