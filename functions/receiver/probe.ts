/**
 * The event type of the test delivery that `npm run doctor` sends. The receiver puts it on the quarantine queue, and the
 * doctor deletes it there. No subscriber gets it, and no alarm counts it.
 */
export const PROBE_EVENT_TYPE = 'veriff-status-receiver.probe';
