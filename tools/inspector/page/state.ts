import { KEPT, type News, type ShownDelivery } from '../protocol.ts';
import { announce } from './announcement.ts';

export interface State extends Omit<News, 'deliveries' | 'delivery'> {
  /** By id, oldest first. */
  readonly deliveries: ReadonlyMap<string, ShownDelivery>;
}

export const initial: State = {
  url: '',
  samples: [],
  depths: { main: 0, quarantine: 0, deadLetter: 0 },
  deliveries: new Map(),
  counts: {},
};

export function update(state: State, { deliveries: all, delivery, ...rest }: Partial<News>): State {
  const deliveries = all === undefined ? new Map(state.deliveries) : new Map(all.map((one) => [one.id, one]));
  if (delivery !== undefined) {
    announce(delivery, !deliveries.has(delivery.id));
    deliveries.set(delivery.id, delivery);
    const [oldest, ...others] = [...deliveries.values()].filter((one) => one.outcome === delivery.outcome);
    if (oldest !== undefined && others.length >= KEPT) deliveries.delete(oldest.id);
  }
  return { ...state, ...rest, deliveries };
}
