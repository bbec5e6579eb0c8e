/**
 * The event type of `npm run doctor`'s delivery: it goes the whole way to the quarantine queue, where the doctor takes
 * it away again. No subscriber sees it, and no alarm counts it.
 */
export const PROBE_EVENT_TYPE = 'veriff-status-receiver.probe';

/** Whom `npm run doctor` and `npm run send` say they are. */
export const TOOLS_USER_AGENT = 'veriff-status-receiver';
