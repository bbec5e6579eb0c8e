import type { ShownDelivery } from '../history.ts';

/** So that a screen reader isn't interrupted by each delivery of a burst. */
const EVERY_MS = 400;
/** For the line of the log with the outcome; it never comes of a function that crashed. */
const LONGEST_WAIT_MS = 3000;

/** By id, with the latest words: a delivery is announced once, when all is known of it. */
const unannounced = new Map<string, ShownDelivery>();

export function announce(delivery: ShownDelivery, isNew: boolean): void {
  if (isNew || unannounced.has(delivery.id)) unannounced.set(delivery.id, delivery);
}

setInterval(() => {
  const isDue = ({ isSettled, at, ms }: ShownDelivery) =>
    isSettled || Date.now() - Date.parse(at) - ms > LONGEST_WAIT_MS;
  const due = [...unannounced.values()].filter(isDue);
  for (const { id } of due) unannounced.delete(id);
  const last = due.at(-1);
  const region = document.getElementById('announcement');
  if (last === undefined || region === null) return;
  const said = [last.outcome, String(last.status), ...last.why].join(', ');
  region.textContent =
    due.length === 1 ? `New delivery: ${said}` : `${due.length} new deliveries, the last: ${said}`;
}, EVERY_MS);
