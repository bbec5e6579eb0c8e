import type { Progress, TortureReport } from './torture.ts';

/** The promise to Veriff, which waits about 5 s. */
const ANSWER_WITHIN_MS = 4_000;

/** What was promised and did not hold. */
export function broken(report: TortureReport): readonly string[] {
  const { lost, forgedAccepted, refused, wrongIds, neverAcknowledged, slowestMs } = report;
  return [
    ...(lost > 0 ? [`${lost} acknowledged deliveries are on no queue`] : []),
    ...(forgedAccepted > 0 ? [`${forgedAccepted} forged deliveries were accepted`] : []),
    ...(refused > 0 ? [`${refused} authentic deliveries were refused`] : []),
    ...(wrongIds > 0 ? [`${wrongIds} messages have an eventId that is not their event's`] : []),
    ...(neverAcknowledged > 0 ? [`${neverAcknowledged} events were never acknowledged`] : []),
    ...(slowestMs > ANSWER_WITHIN_MS ? [`the slowest answer took ${slowestMs.toFixed(0)} ms`] : []),
  ];
}

/** A table in Markdown. */
export function tableOf(report: TortureReport): string {
  const rows: readonly (readonly [string, number | string])[] = [
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
  ];
  return markdown(['count', 'value'], rows);
}

/** Columns as wide as they need to be; numbers at the right. */
export function markdown(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const texts = rows.map((row) =>
    row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell)),
  );
  const widths = heads.map((head, column) =>
    Math.max(head.length, ...texts.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(heads), line(rule), ...texts.map(line)].join('\n');
}

export function progressLine({ tally, killed, outages }: Progress, total: number): string {
  const percent = Math.min(100, Math.floor((tally.sent / total) * 100));
  return `${percent} %  sent ${tally.sent}, acknowledged ${tally.acknowledged}, unavailable ${tally.unavailable}, retried ${tally.retried}, killed ${killed}, outages ${outages}`;
}
