/** Text goes in as text nodes only: most of it was written by whoever sent a delivery. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** The element of this id, which the page has. */
export function byId<E extends HTMLElement>(id: string, type: abstract new () => E): E {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`expected a ${type.name} with the id ${id}, got ${found}`);
}

/** The very text, in a block that a keyboard can scroll. */
export function codeBlock(label: string, text: string): HTMLElement {
  return element(
    'figure',
    {},
    element('figcaption', {}, label),
    element('pre', { tabindex: '0', role: 'region', 'aria-label': label }, text),
  );
}

export function timeOf(iso: string): HTMLTimeElement {
  return element('time', { datetime: iso, title: iso }, new Date(iso).toTimeString().slice(0, 8));
}
