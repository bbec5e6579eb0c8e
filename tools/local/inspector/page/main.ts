import type { DeliverySummary, Depths, Snapshot } from '../protocol.ts';
import { show, showAll } from './deliveries.ts';
import { byId } from './dom.ts';
import { offerSamples } from './form.ts';
import { showDepths } from './queues.ts';

const AGAIN_AFTER_MS = 2000;

const connection = byId('connection', HTMLElement);

function tell(state: 'live' | 'lost', text: string): void {
  if (connection.dataset.state === state) return;
  connection.dataset.state = state;
  connection.textContent = text;
}

function connect(): void {
  const source = new EventSource('/_inspector/events');
  const on = <T>(event: string, handle: (data: T) => void) =>
    source.addEventListener(event, ({ data }) => handle(JSON.parse(data)));

  on<Snapshot>('snapshot', ({ stack, samples, depths, deliveries }) => {
    byId('webhook', HTMLElement).textContent = stack.url;
    offerSamples(samples);
    showDepths(depths);
    showAll(deliveries);
    tell('live', 'Live');
  });
  on<DeliverySummary>('delivery', show);
  on<Depths>('depths', showDepths);
  source.addEventListener('error', () => {
    tell('lost', 'Not connected: is "npm start" running?');
    // The browser tries again by itself only when the connection broke, not after an answer such as 503.
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, AGAIN_AFTER_MS);
  });
}

connect();
