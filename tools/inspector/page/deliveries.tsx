import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { curlOf } from '../again.ts';
import type { Fate, ShownDelivery } from '../history.ts';
import { KEPT } from '../protocol.ts';
import { ask } from './api.ts';
import { Action, bound, Code, Copy, useOutcome, wordsOf } from './parts.tsx';
import { DEFAULT_SAMPLE, type Shared, type State } from './state.ts';

export function Deliveries({ state, tell }: Shared) {
  const [outcome, setOutcome] = useState('');
  const [search, setSearch] = useState('');
  const [paused, setPaused] = useState<State>();
  const [said, order] = useOutcome(state.isLive);
  const { deliveries, counts } = paused ?? state;
  useLayoutEffect(() => {
    if (state.wanted === undefined) return;
    if (!state.deliveries.has(state.wanted)) return tell({ wanted: undefined });
    setOutcome('');
    setSearch('');
    setPaused(undefined);
  }, [state.wanted]);

  const all = sum(counts);
  // After Clear, or from a stack that was started anew, there is less than before.
  if (paused && sum(state.counts) < all) setPaused(undefined);
  const chosen = Object.hasOwn(counts, outcome) ? outcome : '';
  if (outcome !== chosen) setOutcome(chosen);
  const total = chosen === '' ? all : (counts[chosen] ?? 0);
  const kept = [...deliveries.values()].filter((one) => chosen === '' || one.outcome === chosen);
  const found = kept.filter((one) => search === '' || textOf(one).includes(search.toLowerCase()));
  return (
    <section aria-labelledby="deliveries-heading">
      <h2 id="deliveries-heading">Deliveries</h2>
      <div class="row">
        <select aria-label="Outcome" {...bound(chosen, setOutcome)}>
          <option value="">{`All (${all})`}</option>
          {Object.entries(counts).map(([name, count]) => (
            <option key={name} value={name}>{`${name} (${count})`}</option>
          ))}
        </select>
        <input type="search" aria-label="Search" placeholder="Search" {...bound(search, setSearch)} />
        <Action onClick={() => setPaused(paused ? undefined : state)}>
          {paused ? `Continue (${sum(state.counts) - all} new)` : 'Pause'}
        </Action>
        <Action onClick={() => order(() => ask('clear', null))}>Clear</Action>
      </div>
      <div role="status">{said}</div>
      {all === 0 && (
        <p>
          Nothing yet. Send a sample from here, or run <code>npm run send</code>.
        </p>
      )}
      {total > kept.length && (
        <p>{`${kept.length} of ${total} are kept: the newest ${KEPT} of each outcome.`}</p>
      )}
      {search !== '' && <p>{`${found.length} of ${kept.length} match.`}</p>}
      <ol aria-labelledby="deliveries-heading">
        {found.toReversed().map((delivery) => (
          <li key={delivery.id}>
            <DeliveryRow delivery={delivery} state={state} tell={tell} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function DeliveryRow({ delivery, state, tell }: Shared & { delivery: ShownDelivery }) {
  const { outcome, status, ms, at, title, eventId, why, coldStartMs } = delivery;
  const [isOpen, setOpen] = useState(false);
  const summary = useRef<HTMLElement>(null);
  useLayoutEffect(() => {
    if (state.wanted !== delivery.id) return;
    setOpen(true);
    summary.current?.focus();
    tell({ wanted: undefined });
  }, [state.wanted]);
  return (
    <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary ref={summary}>
        <b data-outcome={outcome}>{outcome}</b>
        <span>{status}</span>
        <span>{`${ms.toFixed(0)} ms`}</span>
        <time title={at}>{new Date(at).toTimeString().slice(0, 8)}</time>
        <span class="about">
          {title} {eventId && <code title={`Event id ${eventId}`}>{eventId.slice(0, 12)}</code>}{' '}
          <span data-outcome={outcome}>{why.join(' · ')}</span>{' '}
          {coldStartMs !== undefined && <small>{`cold start ${coldStartMs.toFixed(0)} ms`}</small>}
        </span>
      </summary>
      {isOpen && <Details delivery={delivery} state={state} tell={tell} />}
    </details>
  );
}

function Details({ delivery, state, tell }: Shared & { delivery: ShownDelivery }) {
  const { id, body, answer, why, log, headers, eventId, isWhole } = delivery;
  const [said, order] = useOutcome(state.isLive);
  const edit = () => tell({ draft: { chosen: DEFAULT_SAMPLE, edited: body, isNew: true } });
  const again = async () => wordsOf(await ask<Fate>('again', id));
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return (
    <>
      <Code label="Body" text={formatted(body)} />
      <div class="row">
        {lines.length > 0 && <Action onClick={() => order(again)}>Send again</Action>}
        {isWhole && <Action onClick={edit}>Edit and send</Action>}
        {isWhole && <Copy what="body" text={body} />}
        {eventId && <Copy what="event id" text={eventId} />}
        {isWhole && <Copy what="as curl" text={curlOf(delivery, state.url)} />}
        <span role="status">{said}</span>
      </div>
      <Code label="Answer" text={formatted(answer)} />
      {why.length > 0 && <Code label="Why" text={why.join('\n')} />}
      {log.length > 0 && <Code label="Log" text={log.map(formatted).join('\n')} />}
      <details>
        <summary>Headers</summary>
        <Code label="Request headers" text={lines.join('\n')} />
      </details>
    </>
  );
}

function textOf({ title, eventId, why, body, answer, log }: ShownDelivery): string {
  return [title, eventId, ...why, body, answer, ...log].join('\n').toLowerCase();
}

/** JSON with a line for each property, unless more than white space would change; other text as it is. */
function formatted(text: string): string {
  try {
    const json = JSON.stringify(JSON.parse(text), undefined, 2);
    const dense = (text: string) => text.replaceAll(/("(?:[^"\\]|\\.)*")|\s+/g, '$1');
    return dense(json) === dense(text) ? json : text;
  } catch {
    return text;
  }
}

function sum(counts: State['counts']): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}
