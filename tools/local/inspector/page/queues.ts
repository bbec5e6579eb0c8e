import { type Depths, QUEUES, type QueueContents, type QueueKey, type QueueMessage } from '../protocol.ts';
import { get } from './api.ts';
import { byId, codeBlock, element, timeOf } from './dom.ts';

const names: Readonly<Record<QueueKey, string>> = {
  main: 'Queue',
  quarantine: 'Quarantine',
  deadLetter: 'Dead letters',
};

const panel = byId('messages', HTMLElement);
const tiles = new Map<QueueKey, { button: HTMLButtonElement; depth: HTMLElement }>();
let opened: QueueKey | undefined;
const openMessages = new Set<string>();

for (const key of QUEUES) {
  const depth = element('span', { class: 'depth' }, '–');
  const button = element(
    'button',
    { type: 'button', 'aria-expanded': 'false', 'aria-controls': 'messages', 'data-queue': key },
    depth,
    element('span', {}, names[key]),
  );
  button.addEventListener('click', () => choose(opened === key ? undefined : key));
  tiles.set(key, { button, depth });
  byId('queues', HTMLElement).append(button);
}

export function showDepths(depths: Depths): void {
  for (const [key, { button, depth }] of tiles) {
    depth.textContent = String(depths[key]);
    button.toggleAttribute('data-filled', depths[key] > 0);
  }
  if (opened !== undefined) refresh(opened);
}

function choose(key: QueueKey | undefined): void {
  opened = key;
  for (const [name, { button }] of tiles) button.setAttribute('aria-expanded', String(name === key));
  panel.hidden = key === undefined;
  panel.replaceChildren();
  if (key !== undefined) refresh(key);
}

async function refresh(key: QueueKey): Promise<void> {
  let shown: Node[];
  try {
    shown = contentsOf(key, await get<QueueContents>(`queues/${key}`));
  } catch (error) {
    shown = [element('p', { class: 'error' }, String(error))];
  }
  // The user may have chosen another queue, or a message of this one, while the answer was on its way.
  if (opened === key && !panel.contains(document.activeElement)) panel.replaceChildren(...shown);
  else if (opened === key) keepFocus(() => panel.replaceChildren(...shown));
}

function contentsOf(key: QueueKey, { messages, total }: QueueContents): Node[] {
  if (total === 0) return [element('p', { class: 'empty' }, `${names[key]}: nothing lies here.`)];
  const more = total > messages.length ? [element('p', { class: 'hint' }, `The newest of ${total}.`)] : [];
  const list = element('ol', { 'aria-label': `Messages: ${names[key]}` }, ...messages.map(itemOf));
  return [...more, list];
}

function itemOf({ id, sentAt, receives, state, attributes, body }: QueueMessage): HTMLElement {
  const facts = element('dl');
  for (const [name, value] of Object.entries(attributes)) {
    facts.append(element('dt', {}, name), element('dd', {}, value));
  }
  const summary = element(
    'summary',
    { 'data-focus': id },
    element('span', { class: 'time' }, timeOf(sentAt)),
    element(
      'span',
      { class: 'name' },
      attributes.statusCode ?? attributes.reason ?? attributes.eventType ?? 'message',
    ),
    element('span', { class: 'hint' }, `${state}, received ${receives} ${receives === 1 ? 'time' : 'times'}`),
  );
  const details = element(
    'details',
    {},
    summary,
    element('div', { class: 'details' }, facts, codeBlock('Body', body)),
  );
  details.open = openMessages.has(id);
  details.addEventListener('toggle', () => {
    if (details.open) openMessages.add(id);
    else openMessages.delete(id);
  });
  return element('li', {}, details);
}

/** The element that has the focus is replaced by one for the same message. */
function keepFocus(replace: () => void): void {
  const focused = document.activeElement?.getAttribute('data-focus');
  replace();
  const again = [...panel.querySelectorAll('summary')].find((found) => found.dataset.focus === focused);
  again?.focus();
}
