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
  /** Takes a whole line, with its end. */
  readonly write: (line: string) => void;
  readonly now?: () => number;
}

/**
 * Lambda leaves a JSON line on standard output as it is, and takes its `timestamp` and `level`. One that is written by
 * `console` it would wrap, which hides the metrics. Source: Lambda, "Log-level filtering"; CloudWatch, "Specification:
 * Embedded metric format".
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
