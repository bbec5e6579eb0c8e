import { pick, seeded } from '../../support/random.ts';
import { createFleet, HOUR_MS } from './fleet.ts';
import { A, type Scene, type Signature } from './scenes.ts';

const WEEK_HOURS = 168;
/** After so long of the clock each sender sends an event, and others try what they have. */
const STEP_MS = 2.5 * 60_000;
/** The last change of a scene and its grace period fit in. */
const SCENE_HOURS = 28;

export type SceneReport = Awaited<ReturnType<typeof play>>;

/** Plays a scene with a fleet of its own: a day and more of its clock in a second. */
export async function play(scene: Scene, seed: number) {
  const counts = {
    /** Authentic deliveries, each counted once. */
    sent: 0,
    accepted: 0,
    'by the previous key': 0,
    /** Labelled with another name than the one their key is stored under. */
    mislabelled: 0,
    /** Never right. */
    'refused (401)': 0,
    /** Each was sent again after an hour. */
    'unavailable (503)': 0,
    /** Those of them that had no reason: the secret could be used. */
    '503 for nothing': 0,
    /** Not accepted in a week. */
    'refused for good': 0,
    /** Signed with a key that was never stored. */
    forged: 0,
    'forged accepted': 0,
    'with an ended key': 0,
    'of them accepted': 0,
  };
  const random = seeded(seed);
  const fleet = createFleet(scene.before ?? A);
  scene.prepare?.(fleet);
  const startedAt = fleet.now();
  const hour = () => (fleet.now() - startedAt) / HOUR_MS;
  const hasCome = (at: number) => fleet.now() - startedAt >= Math.round(at * HOUR_MS);
  const changes = [...scene.changes];
  let waiting: readonly { signature: Signature; at: number; tries: number }[] = [];

  const change = async () => {
    const due = changes.splice(0, changes.filter(({ hour }) => hasCome(hour)).length);
    for (const act of due.flatMap(({ acts }) => acts)) await act(fleet);
  };

  const deliver = async (signature: Signature, tries = 1) => {
    const outcome = await pick(random, fleet.environments).receive(signature.key);
    if (tries === 1) counts.sent += 1;
    if (outcome.kind === 'Accepted') {
      counts.accepted += 1;
      if (outcome.key.label === 'AWSPREVIOUS') counts['by the previous key'] += 1;
      if (outcome.key.integration !== signature.integration) counts.mislabelled += 1;
      return;
    }
    if (outcome.kind === 'Unavailable') {
      counts['unavailable (503)'] += 1;
      const [from, to] = scene.unavailable ?? [0, 0];
      if (!hasCome(from) || hasCome(to)) counts['503 for nothing'] += 1;
    } else {
      counts['refused (401)'] += 1;
    }
    // Signed as at first: nobody knows whether Veriff signs a new try with a new key.
    const again = { signature, at: fleet.now() + HOUR_MS, tries: tries + 1 };
    if (tries <= WEEK_HOURS) waiting = [...waiting, again];
    else counts['refused for good'] += 1;
  };

  const retry = async () => {
    const due = waiting.filter(({ at }) => at <= fleet.now());
    waiting = waiting.filter((one) => !due.includes(one));
    await Promise.all(due.map(({ signature, tries }) => deliver(signature, tries)));
  };

  const forge = async () => {
    counts.forged += 1;
    const { kind } = await pick(random, fleet.environments).receive(`forged-${counts.forged}`);
    if (kind === 'Accepted') counts['forged accepted'] += 1;
  };

  const useEnded = async () => {
    if (scene.ended === undefined) return;
    const [key, usedFrom, endedFrom] = scene.ended;
    if (!hasCome(usedFrom)) return;
    const outcomes = await Promise.all(fleet.environments.map(({ receive }) => receive(key)));
    if (!hasCome(endedFrom)) return;
    counts['with an ended key'] += outcomes.length;
    counts['of them accepted'] += outcomes.filter(({ kind }) => kind === 'Accepted').length;
  };

  while (hour() < SCENE_HOURS) {
    await change();
    for (const signature of scene.senders(hour())) await deliver(signature);
    await forge();
    await useEnded();
    await retry();
    fleet.pass(STEP_MS);
  }
  while (waiting.length > 0) {
    fleet.pass(HOUR_MS);
    await retry();
  }
  return { ...counts, 'most reads in 30 s': fleet.mostReads() };
}
