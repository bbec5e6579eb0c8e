import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { synthesize } from '../infra/synthesize.ts';

const page = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8');
const { template } = synthesize({ alarms: { email: 'ops@example.com' } });
const count = (type: string) => Object.keys(template.findResources(type)).length;

test('the page on capacity counts the alarms and the metrics of the access log that a stage has', () => {
  const [, alarms, price] =
    /`alarms`: (\d+) alarms at 0\.10, one composite alarm at 0\.50 \| ([\d.]+) \|/.exec(page) ?? [];
  expect(Number(alarms)).toBe(count('AWS::CloudWatch::Alarm'));
  expect(count('AWS::CloudWatch::CompositeAlarm')).toBe(1);
  expect(Number(price)).toBeCloseTo(0.1 * Number(alarms) + 0.5);
  const [, fromLog] = /(\d+) from the access log/.exec(page) ?? [];
  expect(Number(fromLog)).toBe(count('AWS::Logs::MetricFilter'));
});
