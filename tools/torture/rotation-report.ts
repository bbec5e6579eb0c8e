import { markdown } from './report.ts';
import type { SceneReport } from './rotation-drill.ts';

const MOST_READS = 2;

export function rotationTable(scenes: readonly SceneReport[]): string {
  return markdown(
    [
      'scene',
      'sent',
      'accepted',
      'by the previous key',
      'retried',
      'refused for good',
      'forged',
      'forged accepted',
      'most reads in 30 s',
    ],
    scenes.map((scene) => [
      scene.scene,
      scene.sent,
      scene.accepted,
      scene.byPreviousKey,
      scene.retried,
      scene.refusedForGood,
      scene.forged,
      scene.forgedAccepted,
      scene.mostReads,
    ]),
  );
}

/** What was promised and did not hold. */
export function brokenByRotation(scenes: readonly SceneReport[]): readonly string[] {
  return scenes.flatMap(({ scene, refusedForGood, forgedAccepted, oldKeyStopped, mostReads }) => [
    ...(refusedForGood > 0 ? [`${scene}: ${refusedForGood} authentic deliveries were refused for good`] : []),
    ...(forgedAccepted > 0 ? [`${scene}: ${forgedAccepted} forged deliveries were accepted`] : []),
    ...(oldKeyStopped ? [] : [`${scene}: the old key works after its grace period`]),
    ...(mostReads > MOST_READS ? [`${scene}: an environment made ${mostReads} reads within 30 s`] : []),
  ]);
}
