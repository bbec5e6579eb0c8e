/**
 * The event type of the test delivery that `npm run doctor` sends. The receiver puts it on the quarantine queue, where no
 * subscriber gets it, and the doctor deletes it there. The alarm on that queue sees one that was left there.
 */
export const PROBE_EVENT_TYPE = 'veriff-status-receiver.probe';
