import { DEFAULT_SAMPLE, readSample } from '../../ops/delivery.ts';
import { pick, seeded } from '../random.ts';
import { createFleet, type Fleet, mostReadsInWindow } from './fleet.ts';
import { A, type Scene, type Signature } from './scene.ts';
import { SCENES } from './scenes.ts';

export interface SceneReport extends Counts {
  readonly scene: string;
  /** Of one environment that holds keys, in any 30 seconds. */
  readonly mostReads: number;
}

type Counts = ReturnType<typeof zero>;

function zero() {
  return {
    /** Authentic deliveries, each counted once. */
    sent: 0,
    accepted: 0,
    byPreviousKey: 0,
    /** Labelled with another name than the one their key is stored under. */
    mislabelled: 0,
    /** Answered with 401: never right. */
    refused: 0,
    /** Answered with 503, each sent again after an hour. */
    unavailable: 0,
    /** Those of them that had no reason: the secret could be used. */
    unavailableForNothing: 0,
    /** Not accepted in a week. */
    refusedForGood: 0,
    /** Signed with a key that was never stored. */
    forged: 0,
    forgedAccepted: 0,
    /** Signed with a key that has ended. */
    ended: 0,
    endedAccepted: 0,
  };
}

const HOUR_MS = 3_600_000;
const WEEK_HOURS = 168;
const ENVIRONMENTS = 4;
/** After so long of the clock each sender sends an event, and others try what they have. */
const STEP_MS = 2.5 * 60_000;
/** The last change of a scene and its grace period fit in. */
const SCENE_HOURS = 28;

/** Plays every scene with a fleet of its own, a day and more of its clock in seconds. */
export async function rotationDrill(seed: number): Promise<readonly SceneReport[]> {
  const body = await readSample(DEFAULT_SAMPLE);
  return Promise.all(
    SCENES.map((scene) => play(scene, createFleet(ENVIRONMENTS, scene.before ?? A, body), seed)),
  );
}

async function play(scene: Scene, fleet: Fleet, seed: number): Promise<SceneReport> {
  const random = seeded(seed);
  const counts = zero();
  scene.prepare?.(fleet);
  const startedAt = fleet.now();
  const hour = () => (fleet.now() - startedAt) / HOUR_MS;
  const hasCome = (at: number) => fleet.now() - startedAt >= Math.round(at * HOUR_MS);
  const changes = [...scene.changes];
  let waiting: readonly { signature: Signature; at: number; tries: number }[] = [];

  const deliver = async (signature: Signature, tries = 1) => {
    const outcome = await pick(random, fleet.environments).receive(signature.key);
    if (tries === 1) counts.sent += 1;
    if (outcome.kind === 'Accepted') {
      counts.accepted += 1;
      if (outcome.key.stage === 'AWSPREVIOUS') counts.byPreviousKey += 1;
      if (outcome.key.integration !== signature.integration) counts.mislabelled += 1;
      return;
    }
    if (outcome.kind === 'Unavailable') {
      counts.unavailable += 1;
      const [from, to] = scene.unavailable ?? [0, 0];
      if (!hasCome(from) || hasCome(to)) counts.unavailableForNothing += 1;
    } else {
      counts.refused += 1;
    }
    // Signed as at first: nobody knows whether Veriff signs a new try with a new key.
    const again = { signature, at: fleet.now() + HOUR_MS, tries: tries + 1 };
    if (tries <= WEEK_HOURS) waiting = [...waiting, again];
    else counts.refusedForGood += 1;
  };

  const retry = async () => {
    const due = waiting.filter(({ at }) => at <= fleet.now());
    waiting = waiting.filter((one) => !due.includes(one));
    await Promise.all(due.map(({ signature, tries }) => deliver(signature, tries)));
  };

  const forge = async () => {
    counts.forged += 1;
    const { kind } = await pick(random, fleet.environments).receive(`forged-${counts.forged}`);
    if (kind === 'Accepted') counts.forgedAccepted += 1;
  };

  const useEnded = async () => {
    if (scene.ended === undefined || !hasCome(scene.ended.usedFrom)) return;
    const { key, from } = scene.ended;
    const outcomes = await Promise.all(fleet.environments.map(({ receive }) => receive(key)));
    if (!hasCome(from)) return;
    counts.ended += outcomes.length;
    counts.endedAccepted += outcomes.filter(({ kind }) => kind === 'Accepted').length;
  };

  while (hour() < SCENE_HOURS) {
    const due = changes.splice(0, changes.filter(({ hour }) => hasCome(hour)).length);
    for (const act of due.flatMap(({ acts }) => acts)) await act(fleet);
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
  return { scene: scene.name, ...counts, mostReads: Math.max(...fleet.environments.map(mostReadsInWindow)) };
}
