import { sign } from '../../functions/receiver/signature.ts';
import { DEFAULT_SAMPLE, readSample } from '../delivery.ts';
import { createFleet, type Fleet, mostReadsInWindow } from './fleet.ts';
import { pick, seeded } from './random.ts';
import { SCENES, type Scene, type Signature } from './rotation-scenes.ts';

export interface SceneReport {
  readonly scene: string;
  readonly sent: number;
  readonly accepted: number;
  readonly byPreviousKey: number;
  /** Answered with 401 or 503 at first, each sent again after an hour. */
  readonly retried: number;
  /** Authentic, and not accepted in a week. */
  readonly refusedForGood: number;
  readonly forged: number;
  readonly forgedAccepted: number;
  /** Whether the old key opens nothing at the end, when its grace is over. */
  readonly oldKeyStopped: boolean;
  /** Of one environment with a value, in any 30 seconds. */
  readonly mostReads: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WEEK_HOURS = 168;
const ENVIRONMENTS = 4;
/** Every four minutes of the clock each sender sends an event, and someone else tries a forged one. */
const STEP_MS = 4 * MINUTE_MS;
/** The last change of a scene and its grace period fit in. */
const SCENE_HOURS = 28;

interface Waiting {
  readonly signature: Signature;
  readonly at: number;
  readonly tries: number;
}

/** Plays every scene with a fleet of its own, a day and more of its clock in a second. */
export async function rotationDrill(seed: number): Promise<readonly SceneReport[]> {
  const body = await readSample(DEFAULT_SAMPLE);
  return Promise.all(SCENES.map((scene) => play(scene, createFleet(ENVIRONMENTS, scene.before), body, seed)));
}

async function play(scene: Scene, fleet: Fleet, body: Uint8Array, seed: number): Promise<SceneReport> {
  const random = seeded(seed);
  const counts = { sent: 0, accepted: 0, byPreviousKey: 0, retried: 0, refusedForGood: 0 };
  const forgeries = { forged: 0, forgedAccepted: 0 };
  const startedAt = fleet.now();
  const hoursPassed = () => (fleet.now() - startedAt) / HOUR_MS;
  const events = [...scene.events];
  let waiting: readonly Waiting[] = [];

  const outcomeOf = async ({ key, integration }: Signature) =>
    pick(random, fleet.environments).receive({
      body,
      source: '',
      signature: sign(key, body),
      integration,
    });

  const deliver = async (signature: Signature, tries = 1) => {
    const outcome = await outcomeOf(signature);
    if (tries === 1) counts.sent += 1;
    else counts.retried += 1;
    if (outcome.kind === 'Accepted') {
      counts.accepted += 1;
      if (outcome.stage === 'AWSPREVIOUS') counts.byPreviousKey += 1;
    } else if (tries > WEEK_HOURS) {
      counts.refusedForGood += 1;
    } else {
      // Signed as at first: nobody knows whether Veriff signs a new try with a new key.
      waiting = [...waiting, { signature, at: fleet.now() + HOUR_MS, tries: tries + 1 }];
    }
  };

  const retry = async () => {
    const due = waiting.filter(({ at }) => at <= fleet.now());
    waiting = waiting.filter((one) => !due.includes(one));
    for (const { signature, tries } of due) await deliver(signature, tries);
  };

  const forge = async () => {
    forgeries.forged += 1;
    const outcome = await outcomeOf({ key: `forged-${forgeries.forged}`, integration: 'quick' });
    if (outcome.kind === 'Accepted') forgeries.forgedAccepted += 1;
  };

  while (hoursPassed() < SCENE_HOURS) {
    for (const event of events.splice(0, events.filter(({ hour }) => hour <= hoursPassed()).length)) {
      event.act(fleet);
    }
    for (const signature of scene.senders(hoursPassed())) await deliver(signature);
    await forge();
    await retry();
    fleet.pass(STEP_MS);
  }
  while (waiting.length > 0) {
    fleet.pass(HOUR_MS);
    await retry();
  }
  const last = await outcomeOf(scene.old);
  return {
    scene: scene.name,
    ...counts,
    ...forgeries,
    oldKeyStopped: last.kind === 'Refused',
    mostReads: Math.max(...fleet.environments.map(mostReadsInWindow)),
  };
}
