import { options, render } from 'preact';
import { useEffect, useReducer, useState } from 'preact/hooks';
import type { News } from '../protocol.ts';
import { Deliveries } from './deliveries.tsx';
import { type Draft, emptyDraft, SendForm } from './form.tsx';
import { Copy } from './parts.tsx';
import { Queues } from './queues.tsx';
import { initial, update } from './state.ts';

const AGAIN_AFTER_MS = 2000;

// A burst is drawn in a few steps, not in one for each delivery.
options.debounceRendering = requestAnimationFrame;

/** Follows what the inspector tells, and starts anew whenever the connection breaks. */
function listen(tell: (news: Partial<News>) => void, setLive: (isLive: boolean) => void): void {
  const source = new EventSource('/_inspector/events');
  source.onmessage = ({ data }) => {
    tell(JSON.parse(data));
    setLive(true);
  };
  source.onerror = () => {
    setLive(false);
    // The browser tries again by itself only when the connection broke, not after an answer such as 503.
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN_AFTER_MS, tell, setLive);
  };
}

function Page() {
  const [state, tell] = useReducer(update, initial);
  const [isLive, setLive] = useState<boolean>();
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const [wanted, show] = useState<string>();
  useEffect(() => listen(tell, setLive), []);
  const edit = (edited: string) => setDraft({ ...emptyDraft, edited, isNew: true });
  const connection = isLive ? 'Live' : 'Not connected: is "npm start" running?';
  return (
    <>
      <header class="row">
        <img src="/_inspector/icon.svg" alt="" width="32" />
        <h1>Local stack</h1>
        <code>{state.url}</code>
        <Copy what="URL" text={state.url} />
        <span role="status" data-outcome={isLive ? 'accepted' : 'refused'}>
          {isLive === undefined ? 'Connecting…' : connection}
        </span>
      </header>
      <main>
        <SendForm state={state} draft={draft} setDraft={setDraft} show={show} />
        <div>
          <Queues deliveries={state.deliveries} isLive={isLive === true} show={show} />
          <Deliveries state={state} wanted={wanted} show={show} edit={edit} />
        </div>
      </main>
    </>
  );
}

render(<Page />, document.getElementById('page') ?? document.body);
