import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { createLog, type LogOptions } from '../../../functions/receiver/log.ts';

const NAMESPACE = 'VeriffStatusReceiver';
const NOW = Date.parse('2026-11-23T10:00:00.123Z');
const REQUEST = '5fea7756-0ea4-451a-a703-a558b933e274';

/** What CloudWatch asks of a line. Source: CloudWatch, "Specification: Embedded metric format". */
const EMBEDDED_METRIC_FORMAT = {
  type: 'object',
  required: ['_aws'],
  properties: {
    _aws: {
      type: 'object',
      required: ['Timestamp', 'CloudWatchMetrics'],
      properties: {
        Timestamp: { type: 'integer' },
        CloudWatchMetrics: {
          type: 'array',
          items: {
            type: 'object',
            required: ['Namespace', 'Dimensions', 'Metrics'],
            properties: {
              Namespace: { type: 'string', minLength: 1, maxLength: 1024 },
              Dimensions: {
                type: 'array',
                minItems: 1,
                items: {
                  type: 'array',
                  maxItems: 30,
                  items: { type: 'string', minLength: 1, maxLength: 250 },
                },
              },
              Metrics: {
                type: 'array',
                maxItems: 100,
                items: {
                  type: 'object',
                  required: ['Name'],
                  properties: {
                    Name: { type: 'string', minLength: 1, maxLength: 1024 },
                    Unit: { enum: ['Count', 'None', 'Milliseconds', 'Seconds', 'Bytes', 'Percent'] },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
};
const isEmbeddedMetricFormat = new Ajv().compile(EMBEDDED_METRIC_FORMAT);

function logged(write: (log: ReturnType<typeof createLog>) => void, options: Partial<LogOptions> = {}) {
  let text = '';
  const log = createLog({
    namespace: NAMESPACE,
    service: 'veriff-status-receiver-prod',
    requestId: () => REQUEST,
    write: (line) => {
      text += line;
    },
    now: () => NOW,
    ...options,
  });
  write(log);
  return { text, line: JSON.parse(text) };
}

describe('a line of the log', () => {
  it('is one line of JSON with time, level, request id and its fields', () => {
    const { text, line } = logged((log) => log('WARN', { notice: 'a\nb' }));
    expect(text.match(/\n/g)).toHaveLength(1);
    expect(line).toEqual({
      timestamp: '2026-11-23T10:00:00.123Z',
      level: 'WARN',
      requestId: REQUEST,
      notice: 'a\nb',
    });
  });

  it('leaves the request id out while there is none', () => {
    expect(logged((log) => log('INFO', {}), { requestId: () => undefined }).line).not.toHaveProperty(
      'requestId',
    );
  });

  it('that counts is in the embedded metric format, and each metric has its value and the dimension', () => {
    const { line } = logged((log) =>
      log('INFO', { outcome: 'Accepted' }, { Accepted: 1, UnknownProperties: 3 }),
    );
    expect(isEmbeddedMetricFormat(line)).toBe(true);
    expect(line).toMatchObject({ Accepted: 1, UnknownProperties: 3, service: 'veriff-status-receiver-prod' });
    expect(line._aws).toEqual({
      Timestamp: NOW,
      CloudWatchMetrics: [
        {
          Namespace: NAMESPACE,
          Dimensions: [['service']],
          Metrics: [{ Name: 'Accepted' }, { Name: 'UnknownProperties' }],
        },
      ],
    });
  });

  it('that counts nothing is no document of the embedded metric format', () => {
    expect(isEmbeddedMetricFormat(logged((log) => log('INFO', {})).line)).toBe(false);
  });

  it('has the time of now by the real clock', () => {
    const lines: string[] = [];
    const write = (line: string) => void lines.push(line);
    const log = createLog({ namespace: 'n', service: 's', requestId: () => undefined, write });
    const before = Date.now();
    log('INFO', {});
    const { timestamp } = JSON.parse(lines.join(''));
    expect(Date.parse(timestamp)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(timestamp)).toBeLessThanOrEqual(Date.now());
  });
});
