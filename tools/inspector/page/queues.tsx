import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import {
  QUEUES,
  type QueueKey,
  type QueueMessage,
  type QueueOrder,
  type ShownDelivery,
} from '../protocol.ts';
import { ask } from './api.ts';
import { Action, Code, Copy, useOutcome } from './parts.tsx';
import type { State } from './state.ts';

/** A message that was received comes back by itself, and no depth tells of it. */
const READ_EVERY_MS = 1000;

const kinds: Readonly<Record<QueueKey, { name: string; actions: readonly QueueOrder['action'][] }>> = {
  main: { name: 'Queue', actions: ['receive', 'fail', 'purge'] },
  quarantine: { name: 'Quarantine', actions: ['receive', 'replay', 'purge'] },
  deadLetter: { name: 'Dead letters', actions: ['receive', 'replay', 'purge'] },
};
/** What each does with the whole queue; SQS gives ten messages at a time. */
const labels: Readonly<Partial<Record<QueueOrder['action'], string>>> = {
  receive: 'Receive 10',
  fail: 'Fail all',
  replay: 'Replay what is valid',
  purge: 'Purge',
};

interface Props {
  readonly state: State;
  readonly show: (delivery: string) => void;
}

export function Queues({ state, show }: Props) {
  const [opened, setOpened] = useState<QueueKey>();
  return (
    <section aria-labelledby="queues-heading">
      <h2 id="queues-heading">Queues</h2>
      {/* biome-ignore lint/a11y/useSemanticElements: Pico draws a group of buttons by its role */}
      <div role="group" aria-labelledby="queues-heading">
        {QUEUES.map((key) => (
          <button
            key={key}
            type="button"
            class={opened === key ? 'secondary' : 'outline secondary'}
            aria-expanded={opened === key}
            aria-controls="messages"
            onClick={() => setOpened(opened === key ? undefined : key)}
          >
            <b>{state.depths[key]}</b> {kinds[key].name}
          </button>
        ))}
      </div>
      <div id="messages">{opened && <Messages key={opened} queue={opened} state={state} show={show} />}</div>
    </section>
  );
}

function Messages({ queue, state, show }: Props & { queue: QueueKey }) {
  const { name, actions } = kinds[queue];
  const total = state.depths[queue];
  const [messages, setMessages] = useState<readonly QueueMessage[]>([]);
  const [said, order] = useOutcome();
  const panel = useRef<HTMLDivElement>(null);
  const read = () => ask<readonly QueueMessage[]>(`queues/${queue}`).then(setMessages, () => {});
  const work = (wanted: QueueOrder) =>
    order(async () => {
      const words = await ask<string>(`queues/${queue}`, wanted);
      await read();
      return words;
    });
  useEffect(() => {
    read();
    const timer = setInterval(read, READ_EVERY_MS);
    return () => clearInterval(timer);
  }, [total]);
  // A message that is gone must not take the focus along.
  const hadFocus = panel.current?.contains(document.activeElement);
  useLayoutEffect(() => {
    if (hadFocus && !panel.current?.contains(document.activeElement)) panel.current?.focus();
  });
  return (
    <div ref={panel} tabIndex={-1}>
      <div class="row">
        {actions.map((action) => (
          <Action key={action} onClick={() => work({ action })}>
            {labels[action]}
          </Action>
        ))}
      </div>
      <p role="status">{said}</p>
      {total === 0 && <p>{`${name}: nothing lies here.`}</p>}
      {total > messages.length && <p>{`The newest ${messages.length} of ${total}.`}</p>}
      <ol aria-label={`Messages: ${name}`}>
        {messages.map((message) => (
          <li key={message.id}>
            <Message message={message} delivery={deliveryOf(message, state)} show={show} work={work} />
          </li>
        ))}
      </ol>
    </div>
  );
}

interface MessageProps extends Pick<Props, 'show'> {
  readonly message: QueueMessage;
  /** The id of the one that brought it, if it is still known. */
  readonly delivery: string | undefined;
  readonly work: (order: QueueOrder) => void;
}

function Message({ message, delivery, show, work }: MessageProps) {
  const { id, attributes, body, sentAt, receives, state, receiptHandle } = message;
  const { eventId, statusCode, reason, eventType } = attributes;
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(sentAt)) / 1000));
  const age = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  const facts = Object.entries(attributes).map(([name, value]) => `${name}: ${value}`);
  return (
    <details>
      <summary>
        <b>{statusCode ?? reason ?? eventType ?? id}</b> {eventId && <code>{eventId.slice(0, 12)}</code>}
        <span class="about">{`${age} old, ${state}, received ${receives} ${receives === 1 ? 'time' : 'times'}`}</span>
      </summary>
      <div class="row">
        {delivery && <Action onClick={() => show(delivery)}>Its delivery</Action>}
        {receiptHandle && <Action onClick={() => work({ action: 'delete', receiptHandle })}>Delete</Action>}
        {receiptHandle && <Action onClick={() => work({ action: 'return', receiptHandle })}>Fail</Action>}
        <Copy what="body" text={body} />
        {!receiptHandle && <small>To delete it or to let it fail, receive it.</small>}
      </div>
      <Code label="Attributes" text={facts.join('\n')} />
      <Code label="Body" text={body} />
    </details>
  );
}

/** The last delivery before the message that has its event id, or in quarantine its body. */
function deliveryOf({ attributes, body, sentAt }: QueueMessage, { deliveries }: State): string | undefined {
  const { eventId } = attributes;
  const isIts = (one: ShownDelivery) =>
    one.at <= sentAt && (eventId === undefined ? one.body === body : one.eventId === eventId);
  return [...deliveries.values()].findLast(isIts)?.id;
}
