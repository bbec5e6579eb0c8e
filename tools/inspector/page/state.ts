import { keep, type News, type ShownDelivery } from '../protocol.ts';
import { announce } from './announcement.ts';

export interface State extends Omit<News, 'deliveries' | 'delivery'> {
  /** By id, oldest first. */
  readonly deliveries: ReadonlyMap<string, ShownDelivery>;
}

export const initial: State = { url: '', samples: [], deliveries: new Map(), counts: {} };

export function update(state: State, { deliveries: all, delivery, ...rest }: Partial<News>): State {
  const deliveries = new Map(all?.map((one) => [one.id, one]) ?? state.deliveries);
  if (delivery !== undefined) {
    announce(delivery, !deliveries.has(delivery.id));
    keep(deliveries, delivery.id, delivery);
  }
  return { ...state, ...rest, deliveries };
}
