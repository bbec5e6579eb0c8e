import { readPayload, type Unusable, type UserStatusEvent } from '../../contract/event.ts';

/** A body that is an event of the contract. */
export interface Valid {
  readonly event: UserStatusEvent;
  /** The body as text; encoded as UTF-8 it is the same bytes. */
  readonly text: string;
}

/** A body that is not an event of the contract. */
export interface Invalid extends Unusable {
  /** The body as text; undefined when SQS must get it as a data URL, such as one that is not UTF-8. */
  readonly text: string | undefined;
}

/** Keeps a byte order mark, so that the text encodes to the same bytes. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Decodes and validates the body of an authentic delivery. Never throws. */
export function validate(
  body: Uint8Array,
): ({ readonly ok: true } & Valid) | ({ readonly ok: false } & Invalid) {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    return {
      ok: false,
      reason: 'not-json',
      problems: ['payload: expected UTF-8, got other bytes'],
      text: undefined,
    };
  }
  const payload = readPayload(text);
  return payload.ok ? { ok: true, event: payload.event, text } : { ok: false, ...payload.unusable, text };
}
