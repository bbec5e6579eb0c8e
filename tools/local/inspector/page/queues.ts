import { type Depths, QUEUES, type QueueContents, type QueueKey, type QueueMessage } from '../protocol.ts';
import { get } from './api.ts';
import { byId, codeBlock, element, timeOf } from './dom.ts';

const names: Readonly<Record<QueueKey, string>> = {
  main: 'Queue',
  quarantine: 'Quarantine',
  deadLetter: 'Dead letters',
};

const panel = byId('messages', HTMLElement);
const note = byId('messages-note', HTMLElement);
const list = byId('messages-list', HTMLOListElement);
const tiles = new Map<QueueKey, { button: HTMLButtonElement; depth: HTMLElement }>();
let opened: QueueKey | undefined;
/** By the id of the message. */
let items = new Map<string, Item>();

interface Item {
  readonly element: HTMLElement;
  readonly state: HTMLElement;
}

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
  items = new Map();
  list.replaceChildren();
  note.textContent = '';
  if (key !== undefined) refresh(key);
}

async function refresh(key: QueueKey): Promise<void> {
  try {
    const contents = await get<QueueContents>(`queues/${key}`);
    // The user may have chosen another queue while the answer was on its way.
    if (opened === key) show(key, contents);
  } catch (error) {
    note.textContent = error instanceof Error ? error.message : String(error);
  }
}

function show(key: QueueKey, { messages, total }: QueueContents): void {
  const more = total > messages.length ? `The newest ${messages.length} of ${total}.` : '';
  note.textContent = total === 0 ? `${names[key]}: nothing lies here.` : more;
  list.setAttribute('aria-label', `Messages: ${names[key]}`);
  const hadFocus = list.contains(document.activeElement);
  const lying = new Set(messages.map(({ id }) => id));
  for (const [id, item] of items) {
    if (lying.has(id)) continue;
    item.element.remove();
    items.delete(id);
  }
  // What stays is not touched, so that it keeps its focus, its scroll position and what is selected in it.
  messages.forEach((message, index) => {
    const item = items.get(message.id) ?? itemOf(message);
    items.set(message.id, item);
    item.state.textContent = stateOf(message);
    const there = list.children[index] ?? null;
    if (there !== item.element) list.insertBefore(item.element, there);
  });
  if (hadFocus && !list.contains(document.activeElement)) tiles.get(key)?.button.focus();
}

function itemOf({ id, sentAt, attributes, body }: QueueMessage): Item {
  const facts = element('dl');
  for (const [name, value] of Object.entries(attributes)) {
    facts.append(element('dt', {}, name), element('dd', {}, value));
  }
  const title = attributes.statusCode ?? attributes.reason ?? attributes.eventType ?? id;
  const state = element('span', { class: 'hint' });
  const time = element('span', { class: 'time' }, timeOf(sentAt));
  const summary = element('summary', {}, time, element('span', { class: 'name' }, title), state);
  const content = element('div', { class: 'details' }, facts, codeBlock('Body', body));
  return { element: element('li', {}, element('details', {}, summary, content)), state };
}

function stateOf({ state, receives }: QueueMessage): string {
  return `${state}, received ${receives} ${receives === 1 ? 'time' : 'times'}`;
}
