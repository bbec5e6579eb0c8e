import { render } from 'preact';
import { useEffect, useReducer, useState } from 'preact/hooks';
import type { News } from '../protocol.ts';
import { Deliveries } from './deliveries.tsx';
import { SendForm } from './form.tsx';
import { Copy } from './parts.tsx';
import { Queues } from './queues.tsx';
import { initial, update } from './state.ts';

const AGAIN_AFTER_MS = 2000;
const DRAW_EVERY_MS = 50;

/** Follows what the inspector tells, and starts anew whenever the connection breaks. */
function listen(tell: (news: Partial<News>) => void, setLive: (isLive: boolean) => void): void {
  const source = new EventSource('/_inspector/events');
  const untold: Partial<News>[] = [];
  const tellAll = () => {
    for (const news of untold.splice(0)) tell(news);
    setLive(true);
  };
  source.onmessage = ({ data }) => {
    // A burst is drawn in a few steps, not in one for each delivery.
    if (untold.push(JSON.parse(data)) === 1) setTimeout(tellAll, DRAW_EVERY_MS);
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
  const [draft, setDraft] = useState<{ body: string }>();
  const [wanted, show] = useState<string>();
  useEffect(() => listen(tell, setLive), []);
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
        <SendForm state={state} draft={draft} show={show} />
        <div>
          <Queues state={state} show={show} />
          <Deliveries state={state} wanted={wanted} show={show} edit={(body) => setDraft({ body })} />
        </div>
      </main>
    </>
  );
}

render(<Page />, document.getElementById('page') ?? document.body);
