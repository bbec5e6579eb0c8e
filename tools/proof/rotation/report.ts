import { table } from '../table.ts';
import type { SceneReport } from './drill.ts';

/**
 * Two refreshes: that of keys that were due, and one for signatures that no key made. Each reads two versions, and
 * each of these twice when reading fails.
 */
export const MOST_READS = 2 * 2 * 2;

const COLUMNS = [
  ['scene', 'scene'],
  ['sent', 'sent'],
  ['accepted', 'accepted'],
  ['by the previous key', 'byPreviousKey'],
  ['401', 'refused'],
  ['503', 'unavailable'],
  ['refused for good', 'refusedForGood'],
  ['forged', 'forged'],
  ['forged accepted', 'forgedAccepted'],
  ['with an ended key', 'ended'],
  ['of them accepted', 'endedAccepted'],
  ['most reads in 30 s', 'mostReads'],
] as const;

export function rotationTable(scenes: readonly SceneReport[]): string {
  return table(
    COLUMNS.map(([head]) => head),
    scenes.map((scene) => COLUMNS.map(([, count]) => scene[count])),
  );
}

/** What was promised and did not hold. */
export function brokenByRotation(scenes: readonly SceneReport[]): readonly string[] {
  return scenes.flatMap((report) => {
    const counts: readonly (readonly [number, string])[] = [
      [report.refused, 'authentic deliveries were answered with 401'],
      [report.unavailableForNothing, 'were answered with 503 while the secret could be used'],
      [report.refusedForGood, 'authentic deliveries were refused for good'],
      [report.sent - report.accepted, 'authentic deliveries were not accepted in the end'],
      [report.mislabelled, 'were labelled with the name of another key'],
      [report.forgedAccepted, 'forged deliveries were accepted'],
      [report.endedAccepted, 'were accepted by a key that had ended'],
      [Math.max(report.mostReads - MOST_READS, 0), `reads more than ${MOST_READS} within 30 s`],
    ];
    return counts.filter(([count]) => count > 0).map(([count, what]) => `${report.scene}: ${count} ${what}`);
  });
}
