import type { DeliveryDetails, DeliverySummary } from '../protocol.ts';
import { get } from './api.ts';
import { byId, codeBlock, element, timeOf } from './dom.ts';

const SHOWN = 200;
/** So that a screen reader isn't interrupted by each delivery of a burst. */
const ANNOUNCE_AFTER_MS = 400;

const list = byId('deliveries', HTMLOListElement);
const empty = byId('no-deliveries', HTMLElement);
const announcement = byId('announcement', HTMLElement);
const items = new Map<string, HTMLDetailsElement>();
let unannounced: DeliverySummary[] = [];

/** Starts anew: the stack may be another one. */
export function showAll(deliveries: readonly DeliverySummary[]): void {
  const known = new Set(deliveries.map(({ id }) => id));
  for (const [id, details] of items) {
    if (!known.has(id)) remove(id, details);
  }
  for (const delivery of deliveries) put(delivery);
  empty.hidden = items.size > 0;
}

export function show(delivery: DeliverySummary): void {
  if (put(delivery)) announce(delivery);
  empty.hidden = true;
}

/** Whether the delivery is new; one that is there already is told again, with more to it. */
function put(delivery: DeliverySummary): boolean {
  const known = items.get(delivery.id);
  if (known !== undefined) {
    known.querySelector('summary')?.replaceChildren(...summaryOf(delivery));
    return false;
  }
  const content = element('div', { class: 'details' });
  const details = element('details', {}, element('summary', {}, ...summaryOf(delivery)), content);
  details.addEventListener('toggle', () => {
    if (details.open) fill(content, delivery);
  });
  list.prepend(element('li', { 'data-outcome': delivery.outcome }, details));
  items.set(delivery.id, details);
  for (const [id, oldest] of items) {
    if (items.size <= SHOWN) break;
    remove(id, oldest);
  }
  return true;
}

function remove(id: string, details: HTMLDetailsElement): void {
  details.closest('li')?.remove();
  items.delete(id);
}

function summaryOf(delivery: DeliverySummary): HTMLElement[] {
  const { outcome, status, ms, at, eventId, title, why, coldStartMs, method, path } = delivery;
  const parts = [
    element('span', { class: 'badge' }, outcome),
    element('span', { class: 'number' }, String(status)),
    element('span', { class: 'number' }, `${ms.toFixed(0)} ms`),
    element('span', { class: 'time' }, timeOf(at)),
  ];
  const about = element('span', { class: 'about' });
  about.append(element('span', { class: 'name' }, title ?? `${method} ${path}`));
  if (eventId !== undefined) {
    about.append(element('code', { class: 'event', title: `Event id ${eventId}` }, eventId.slice(0, 12)));
  }
  if (why.length > 0) about.append(element('span', { class: 'why' }, why.join(' · ')));
  if (coldStartMs !== undefined) {
    about.append(element('span', { class: 'cold' }, `cold start ${coldStartMs.toFixed(0)} ms`));
  }
  return [...parts, about];
}

async function fill(content: HTMLElement, { id, eventId }: DeliverySummary): Promise<void> {
  try {
    const { request, answer } = await get<DeliveryDetails>(`deliveries/${encodeURIComponent(id)}`);
    const facts = eventId === undefined ? [] : [codeBlock('Event id', eventId)];
    content.replaceChildren(...facts, codeBlock('Answer', answer), codeBlock('Request', request));
  } catch (error) {
    content.replaceChildren(element('p', { class: 'error' }, String(error)));
  }
}

function announce(delivery: DeliverySummary): void {
  unannounced.push(delivery);
  if (unannounced.length === 1) setTimeout(announceAll, ANNOUNCE_AFTER_MS);
}

function announceAll(): void {
  const count = unannounced.length;
  const last = unannounced.at(-1);
  unannounced = [];
  if (last === undefined) return;
  const said = [last.outcome, String(last.status), ...last.why].join(', ');
  announcement.textContent =
    count === 1 ? `New delivery: ${said}` : `${count} new deliveries, the last: ${said}`;
}
