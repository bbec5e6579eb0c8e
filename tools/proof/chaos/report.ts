import { table } from '../table.ts';
import type { ChaosReport } from './run.ts';

/** The promise to Veriff, which waits about 5 s. */
const ANSWER_WITHIN_MS = 4_000;

/** What was promised and did not hold. */
export function broken(report: ChaosReport): readonly string[] {
  const { lost, forgedAccepted, refused, wrongIds, neverAcknowledged, slowestMs } = report;
  const counts: readonly (readonly [number, string])[] = [
    [lost, 'acknowledged deliveries are on no queue'],
    [forgedAccepted, 'forged deliveries were accepted'],
    [refused, 'authentic deliveries were refused'],
    [wrongIds, "messages have an eventId that is not their event's"],
    [neverAcknowledged, 'events were never acknowledged'],
    [slowestMs > ANSWER_WITHIN_MS ? Math.round(slowestMs) : 0, 'ms passed before the slowest answer'],
  ];
  return counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
}

export function chaosTable(report: ChaosReport): string {
  return table(
    ['count', 'value'],
    [
      ['seed', String(report.seed)],
      ['distinct events', report.distinct],
      ['sent', report.sent],
      ['acknowledged (200)', report.acknowledged],
      ['refused (401), authentic', report.refused],
      ['refused, forged', report.forged - report.forgedAccepted],
      ['unavailable (503)', report.unavailable],
      ['failed (killed in mid-delivery)', report.failed],
      ['retried', report.retried],
      ['resent by hand', report.resent],
      ['outages', report.outages],
      ['environments killed', report.killed],
      ['messages on the queues', report.messages],
      ['duplicates', report.duplicates],
      ['**lost**', report.lost],
      ['**forged accepted**', report.forgedAccepted],
      ['never acknowledged', report.neverAcknowledged],
      ['slowest answer', `${report.slowestMs.toFixed(0)} ms`],
      ['p50 / p99', `${report.p50Ms.toFixed(1)} ms / ${report.p99Ms.toFixed(0)} ms`],
      ['took', `${report.seconds.toFixed(0)} s`],
    ],
  );
}
