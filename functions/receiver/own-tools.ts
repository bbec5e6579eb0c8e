/**
 * The event type of the test delivery that `npm run doctor` sends. The receiver puts it on the quarantine queue, where no
 * subscriber gets it, and the doctor deletes it there. The alarm on that queue sees one that was left there.
 */
export const PROBE_EVENT_TYPE = 'veriff-status-receiver.probe';

/**
 * The User-Agent of the deliveries that the project's own tools send. The receiver counts these once more, in metrics of
 * their own, so that the doctor can tell which deliveries were Veriff's.
 */
export const TOOLS_USER_AGENT = 'veriff-status-receiver';
