/** What the inspector tells its page, as JSON. Plain types: the page runs where Node's are unknown. */

export const QUEUES = ['main', 'quarantine', 'deadLetter'] as const;
export type QueueKey = (typeof QUEUES)[number];

/** How many messages lie on each queue, in flight and delayed ones included. */
export type Depths = Readonly<Record<QueueKey, number>>;

export interface DeliverySummary {
  readonly id: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly outcome: string;
  /** Of HTTP. */
  readonly status: number;
  readonly ms: number;
  readonly eventId?: string | undefined;
  /** The status as the payload names it, if it does. */
  readonly title?: string | undefined;
  /** What the function logged of it, or said in its answer. */
  readonly why: readonly string[];
  readonly coldStartMs?: number | undefined;
}

export interface DeliveryDetails {
  readonly request: string;
  readonly answer: string;
}

export interface QueueMessage {
  readonly id: string;
  readonly sentAt: string;
  readonly receives: number;
  readonly state: 'ready' | 'in flight' | 'delayed';
  readonly attributes: Readonly<Record<string, string>>;
  readonly body: string;
}

/** The newest messages of a queue. */
export interface QueueContents {
  readonly messages: readonly QueueMessage[];
  readonly total: number;
}

/** The running stack, for tools that look for it. Secrets are named, never told. */
export interface StackDescription {
  readonly url: string;
  readonly region: string;
  readonly sqsEndpoint: string;
  readonly secretsEndpoint: string;
  readonly secretName: string;
  readonly queues: Readonly<Record<QueueKey, string>>;
  readonly outputs: Readonly<Record<string, string>>;
}

/** The first thing that the stream of events says, after each connection. */
export interface Snapshot {
  readonly stack: StackDescription;
  readonly samples: readonly string[];
  readonly depths: Depths;
  /** Oldest first. */
  readonly deliveries: readonly DeliverySummary[];
}

export const MANNERS = ['signed', 'tampered', 'unsigned', 'repeated'] as const;

export interface SendOrder {
  readonly sample: string;
  readonly manner: (typeof MANNERS)[number];
  readonly status?: string | undefined;
  readonly reason?: string | undefined;
  /** The name of the key to sign with, when the secret holds several. */
  readonly integration?: string | undefined;
}

export interface SendResult {
  readonly answers: readonly { readonly status: number; readonly ms: number }[];
}

/** A page of another origin cannot set it without asking first, and nobody answers yes. */
export const GUARD_HEADER = 'x-inspector';
