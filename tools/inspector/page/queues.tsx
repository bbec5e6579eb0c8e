import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { QUEUES, type QueueKey } from '../protocol.ts';
import type { QueueAction, QueueMessage } from '../queue-work.ts';
import { ask } from './api.ts';
import { Action, Code, Copy, useOutcome } from './parts.tsx';
import type { Shared, State } from './state.ts';

/** Nobody tells when a subscriber takes a message, or when one that was received comes back. */
const READ_EVERY_MS = 500;

const EMPTY = { main: 0, quarantine: 0, deadLetter: 0 };

const names: Readonly<Record<QueueKey, string>> = {
  main: 'Queue',
  quarantine: 'Quarantine',
  deadLetter: 'Dead letters',
};

export function Queues({ state, tell }: Shared) {
  const [opened, setOpened] = useState<QueueKey>();
  const [depths, readDepths] = useReading('queues', state.isLive, EMPTY);
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
            <b>{depths[key]}</b> {names[key]}
          </button>
        ))}
      </div>
      <div id="messages">
        {opened && (
          <Messages
            key={opened}
            queue={opened}
            total={depths[opened]}
            readDepths={readDepths}
            state={state}
            tell={tell}
          />
        )}
      </div>
    </section>
  );
}

/**
 * What the inspector tells at a path, read again and again while it answers; and what reads it at once. Only the answer
 * to the latest request counts.
 */
function useReading<T>(path: string, isLive: boolean | undefined, initial: T): [T, () => Promise<void>] {
  const [value, setValue] = useState(initial);
  const last = useRef(0);
  const read = async () => {
    last.current += 1;
    const request = last.current;
    const answer = await ask<T>(path).catch(() => undefined);
    if (answer !== undefined && request === last.current) setValue(answer);
  };
  useEffect(() => {
    let isOver = !isLive;
    const follow = async () => {
      if (isOver) return;
      await read();
      setTimeout(follow, READ_EVERY_MS);
    };
    follow();
    return () => {
      isOver = true;
    };
  }, [isLive]);
  return [value, read];
}

type Work = (action: QueueAction, receiptHandle?: string) => void;

interface MessagesProps extends Shared {
  readonly queue: QueueKey;
  readonly total: number;
  readonly readDepths: () => Promise<void>;
}

function Messages({ queue, total, readDepths, state, tell }: MessagesProps) {
  const name = names[queue];
  const [messages, read] = useReading<readonly QueueMessage[]>(`queues/${queue}`, state.isLive, []);
  const [said, order] = useOutcome(state.isLive);
  const panel = useRef<HTMLDivElement>(null);
  const work: Work = (action, receiptHandle) =>
    order(async () => {
      const words = await ask<string>(`queues/${queue}`, { action, receiptHandle });
      await Promise.all([read(), readDepths()]);
      return words;
    });
  // A message that is gone must not take the focus along.
  const hadFocus = panel.current?.contains(document.activeElement);
  useLayoutEffect(() => {
    if (hadFocus && !panel.current?.contains(document.activeElement)) panel.current?.focus();
  });
  return (
    <div ref={panel} tabIndex={-1}>
      <div class="row">
        {/* SQS gives ten messages at a time. */}
        <Action onClick={() => work('receive')}>Receive 10</Action>
        {queue === 'main' ? (
          <Action onClick={() => work('fail')}>Fail all</Action>
        ) : (
          <Action onClick={() => work('replay')}>Replay what is valid</Action>
        )}
        <Action onClick={() => work('purge')}>Purge</Action>
      </div>
      <p role="status">{said}</p>
      {total === 0 && messages.length === 0 && <p>{`${name}: nothing lies here.`}</p>}
      {total > messages.length && <p>{`The newest ${messages.length} of ${total}.`}</p>}
      <ol aria-label={`Messages: ${name}`}>
        {messages.map((message) => (
          <li key={message.id}>
            <MessageRow message={message} work={work} state={state} tell={tell} />
          </li>
        ))}
      </ol>
    </div>
  );
}

function MessageRow({ message, work, state, tell }: Shared & { message: QueueMessage; work: Work }) {
  const { id, attributes, body, sentAt, receives, receiptHandle, isWhole } = message;
  const { eventId, statusCode, reason, eventType } = attributes;
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(sentAt)) / 1000));
  const age = seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
  const place = receiptHandle === undefined ? 'ready' : 'in flight';
  const wanted = deliveryOf(message, state.deliveries)?.id;
  const facts = Object.entries(attributes).map(([name, value]) => `${name}: ${value}`);
  return (
    <details>
      <summary>
        <b>{statusCode ?? reason ?? eventType ?? id}</b> {eventId && <code>{eventId.slice(0, 12)}</code>}
        <span class="about">{`${age} old, ${place}, received ${receives} ${receives === 1 ? 'time' : 'times'}`}</span>
      </summary>
      <div class="row">
        {wanted && <Action onClick={() => tell({ wanted })}>Its delivery</Action>}
        {receiptHandle && <Action onClick={() => work('delete', receiptHandle)}>Delete</Action>}
        {receiptHandle && <Action onClick={() => work('return', receiptHandle)}>Fail</Action>}
        {isWhole && <Copy what="body" text={body} />}
        {!receiptHandle && <small>To delete it or to let it fail, receive it.</small>}
      </div>
      <Code label="Attributes" text={facts.join('\n')} />
      <Code label="Body" text={body} />
    </details>
  );
}

/** The last delivery before the message that has its event id, or in quarantine its body. */
function deliveryOf({ attributes, body, sentAt }: QueueMessage, deliveries: State['deliveries']) {
  const { eventId } = attributes;
  return [...deliveries.values()].findLast(
    (one) => one.at <= sentAt && (eventId === undefined ? one.body === body : one.eventId === eventId),
  );
}
