import { DEFAULT_SAMPLE, readSample } from '../delivery.ts';
import { createFleet, type Fleet, mostReadsInWindow } from './fleet.ts';
import { pick, seeded } from './random.ts';
import { SCENES, type Scene, type Signature } from './rotation-scenes.ts';

export interface SceneReport {
  readonly scene: string;
  /** Authentic deliveries, each counted once. */
  readonly sent: number;
  readonly accepted: number;
  readonly byPreviousKey: number;
  /** Labelled with another name than the one their key is stored under. */
  readonly mislabelled: number;
  /** Answered with 401: never right. */
  readonly refused: number;
  /** Answered with 503, each sent again after an hour. */
  readonly unavailable: number;
  /** Those of them that had no reason: the secret could be used. */
  readonly unavailableForNothing: number;
  /** Not accepted in a week. */
  readonly refusedForGood: number;
  /** Signed with a key that was never stored. */
  readonly forged: number;
  readonly forgedAccepted: number;
  /** Signed with a key that has ended. */
  readonly ended: number;
  readonly endedAccepted: number;
  /** Of one environment that holds keys, in any 30 seconds. */
  readonly mostReads: number;
}

const HOUR_MS = 3_600_000;
const WEEK_HOURS = 168;
const ENVIRONMENTS = 4;
/** After so long of the clock each sender sends an event, and others try what they have. */
const STEP_MS = 2.5 * 60_000;
/** The last change of a scene and its grace period fit in. */
const SCENE_HOURS = 28;

interface Waiting {
  readonly signature: Signature;
  readonly at: number;
  readonly tries: number;
}

/** Plays every scene with a fleet of its own, a day and more of its clock in seconds. */
export async function rotationDrill(seed: number): Promise<readonly SceneReport[]> {
  const body = await readSample(DEFAULT_SAMPLE);
  return Promise.all(SCENES.map((scene) => play(scene, createFleet(ENVIRONMENTS, scene.before, body), seed)));
}

async function play(scene: Scene, fleet: Fleet, seed: number): Promise<SceneReport> {
  const random = seeded(seed);
  const counts = { sent: 0, accepted: 0, byPreviousKey: 0, mislabelled: 0 };
  const failures = { refused: 0, unavailable: 0, unavailableForNothing: 0, refusedForGood: 0 };
  const others = { forged: 0, forgedAccepted: 0, ended: 0, endedAccepted: 0 };
  scene.prepare?.(fleet);
  const startedAt = fleet.now();
  const hour = () => (fleet.now() - startedAt) / HOUR_MS;
  const hasCome = (at: number) => fleet.now() - startedAt >= Math.round(at * HOUR_MS);
  const events = [...scene.events];
  let waiting: readonly Waiting[] = [];

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
      failures.unavailable += 1;
      const [from, to] = scene.unavailable ?? [0, 0];
      if (!hasCome(from) || hasCome(to)) failures.unavailableForNothing += 1;
    } else {
      failures.refused += 1;
    }
    // Signed as at first: nobody knows whether Veriff signs a new try with a new key.
    if (tries <= WEEK_HOURS)
      waiting = [...waiting, { signature, at: fleet.now() + HOUR_MS, tries: tries + 1 }];
    else failures.refusedForGood += 1;
  };

  const retry = async () => {
    const due = waiting.filter(({ at }) => at <= fleet.now());
    waiting = waiting.filter((one) => !due.includes(one));
    await Promise.all(due.map(({ signature, tries }) => deliver(signature, tries)));
  };

  const forge = async () => {
    others.forged += 1;
    const { kind } = await pick(random, fleet.environments).receive(`forged-${others.forged}`);
    if (kind === 'Accepted') others.forgedAccepted += 1;
  };

  const useEnded = async () => {
    const { key, usedFrom, from } = scene.ended ?? { key: '', usedFrom: SCENE_HOURS, from: SCENE_HOURS };
    if (!hasCome(usedFrom)) return;
    const outcomes = await Promise.all(fleet.environments.map(({ receive }) => receive(key)));
    if (!hasCome(from)) return;
    others.ended += outcomes.length;
    others.endedAccepted += outcomes.filter(({ kind }) => kind === 'Accepted').length;
  };

  while (hour() < SCENE_HOURS) {
    for (const event of events.splice(0, events.filter((one) => hasCome(one.hour)).length)) {
      await event.act(fleet);
    }
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
  return {
    scene: scene.name,
    ...counts,
    ...failures,
    ...others,
    mostReads: Math.max(...fleet.environments.map(mostReadsInWindow)),
  };
}
