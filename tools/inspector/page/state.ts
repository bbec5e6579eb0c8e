import type { ShownDelivery } from '../history.ts';
import { keep, type News } from '../protocol.ts';
import { announce } from './announcement.ts';

export const DEFAULT_SAMPLE = 'user-status-created';

export interface State extends Omit<News, 'deliveries' | 'delivery'> {
  /** By id, oldest first. */
  readonly deliveries: ReadonlyMap<string, ShownDelivery>;
  /** The inspector answers; undefined until it is known. */
  readonly isLive?: boolean;
  /** The id of the delivery that somebody asked to see; undefined once it is shown, or is not there. */
  readonly wanted?: string | undefined;
  /** What is to be sent. */
  readonly draft: {
    /** The name of a sample, or the manner in which {@link DEFAULT_SAMPLE} is sent. */
    readonly chosen: string;
    /** What somebody made of the sample's body. */
    readonly edited?: string;
    /** The editor takes the focus. */
    readonly isNew?: boolean;
  };
}

/** What came from the inspector, or from another part of the page. */
type Change = Partial<News & Omit<State, 'deliveries'>>;

/** What every part of the page is given. */
export interface Shared {
  readonly state: State;
  readonly tell: (change: Change) => void;
}

export const initial: State = {
  url: '',
  samples: [],
  deliveries: new Map(),
  counts: {},
  draft: { chosen: DEFAULT_SAMPLE },
};

export function update(state: State, { deliveries: all, delivery, ...rest }: Change): State {
  const deliveries = new Map(all?.map((one) => [one.id, one]) ?? state.deliveries);
  if (delivery !== undefined) {
    announce(delivery, !deliveries.has(delivery.id));
    keep(deliveries, delivery.id, delivery);
  }
  return { ...state, ...rest, deliveries };
}
