import { markdown } from './report.ts';
import type { SceneReport } from './rotation-drill.ts';

/**
 * Two refreshes: that of keys that were due, and one for signatures that no key made. Each reads two versions, and
 * each of these twice when reading fails.
 */
export const MOST_READS = 2 * 2 * 2;

export function rotationTable(scenes: readonly SceneReport[]): string {
  return markdown(
    [
      'scene',
      'sent',
      'accepted',
      'by the previous key',
      '401',
      '503',
      'refused for good',
      'forged',
      'forged accepted',
      'with an ended key',
      'of them accepted',
      'most reads in 30 s',
    ],
    scenes.map((scene) => [
      scene.scene,
      scene.sent,
      scene.accepted,
      scene.byPreviousKey,
      scene.refused,
      scene.unavailable,
      scene.refusedForGood,
      scene.forged,
      scene.forgedAccepted,
      scene.ended,
      scene.endedAccepted,
      scene.mostReads,
    ]),
  );
}

/** What was promised and did not hold. */
export function brokenByRotation(scenes: readonly SceneReport[]): readonly string[] {
  return scenes.flatMap((report) => {
    const broken: readonly (readonly [number, string])[] = [
      [report.refused, 'authentic deliveries were answered with 401'],
      [report.unavailableForNothing, 'were answered with 503 while the secret could be used'],
      [report.refusedForGood, 'authentic deliveries were refused for good'],
      [report.sent - report.accepted, 'authentic deliveries were not accepted in the end'],
      [report.mislabelled, 'were labelled with the name of another key'],
      [report.forgedAccepted, 'forged deliveries were accepted'],
      [report.endedAccepted, 'were accepted by a key that had ended'],
      [Math.max(report.mostReads - MOST_READS, 0), `reads more than ${MOST_READS} within 30 s`],
    ];
    return broken.filter(([count]) => count > 0).map(([count, what]) => `${report.scene}: ${count} ${what}`);
  });
}
