import { options, render } from 'preact';
import { useEffect, useReducer } from 'preact/hooks';
import { Deliveries } from './deliveries.tsx';
import { SendForm } from './form.tsx';
import { Copy } from './parts.tsx';
import { Queues } from './queues.tsx';
import { initial, type Shared, update } from './state.ts';

const AGAIN_AFTER_MS = 2000;

// A burst is drawn in a few steps, not in one for each delivery.
options.debounceRendering = requestAnimationFrame;

/** Follows what the inspector tells, and starts anew whenever the connection breaks. */
function listen(tell: Shared['tell']): void {
  const source = new EventSource('/_inspector/events');
  source.onmessage = ({ data }) => tell({ ...JSON.parse(data), isLive: true });
  source.onerror = () => {
    tell({ isLive: false });
    // The browser tries again by itself only when the connection broke, not after an answer such as 503.
    if (source.readyState === EventSource.CLOSED) setTimeout(listen, AGAIN_AFTER_MS, tell);
  };
}

function Page() {
  const [state, tell] = useReducer(update, initial);
  useEffect(() => listen(tell), []);
  const connection = state.isLive ? 'Live' : 'Not connected: is "npm start" running?';
  return (
    <>
      <header class="row">
        <img src="/_inspector/icon.svg" alt="" width="32" />
        <h1>Local stack</h1>
        <code>{state.url}</code>
        <Copy what="URL" text={state.url} />
        <span role="status" data-outcome={state.isLive ? 'accepted' : 'refused'}>
          {state.isLive === undefined ? 'Connecting…' : connection}
        </span>
      </header>
      <main>
        <SendForm state={state} tell={tell} />
        <div>
          <Queues state={state} tell={tell} />
          <Deliveries state={state} tell={tell} />
        </div>
      </main>
    </>
  );
}

render(<Page />, document.getElementById('page') ?? document.body);
