import { buildDelivery, post } from '../delivery.ts';
import { revertDrift, type Stack } from '../stack.ts';
import { bad, type Examination, type Finding, good, unchecked } from './finding.ts';

/** AWS refuses requests that are 5 minutes off; a minute already makes times in logs useless. */
const MAX_SKEW_S = 60;

export async function checkWebhook(examination: Examination): Promise<void> {
  const { stack, report } = examination;
  const url = new URL(stack.outputs.WebhookUrl);
  const { status, headers } = await post(url, buildDelivery(new TextEncoder().encode('{}'), {}));
  const at = new Date();
  const finding = judgeWebhook(url, status, headers.get('content-type'), stack);
  report(finding);
  report(judgeClock(headers.get('date'), at));
  examination.isWebhookWell = finding.kind === 'good';
}

/** @param type the media type of the answer: the function's own differs from API Gateway's */
export function judgeWebhook(
  url: URL,
  status: number,
  type: string | null,
  stack: Pick<Stack, 'name' | 'latest'>,
): Finding {
  const said = `Webhook ${url}: answers ${status} to an unsigned request`;
  switch (status) {
    case 401:
      return good(said);
    case 403:
      return type === 'application/problem+json'
        ? good(`${said}: an allow list is on, and this machine is not on it`)
        : bad(`${said}, and not the function: the address leads to no API`, revertDrift(stack));
    case 200:
      return bad(said, 'take it out of the Customer Portal: whoever answers there is no receiver');
    case 404:
      return bad(`${said}: its route is gone`, revertDrift(stack));
    case 429:
      return bad(said, 'run it again in a minute: requests come faster than throttleRate allows');
    default:
      return status >= 500
        ? bad(`${said}: the function does not run`, 'see docs/runbook.md#the-function-fails')
        : bad(`${said}, expected 401`, revertDrift(stack));
  }
}

export function judgeClock(date: string | null, at: Date): Finding {
  const said = Date.parse(date ?? '');
  if (Number.isNaN(said)) return unchecked('Clock: not checked, the answer has no date');
  // A Date header has whole seconds: half a second is what it loses on average.
  const seconds = Math.round((at.getTime() - said - 500) / 1_000);
  const what = `Clock: this machine's is ${Math.abs(seconds)} s ${seconds < 0 ? 'behind' : 'ahead'}`;
  return Math.abs(seconds) > MAX_SKEW_S
    ? bad(what, 'set it by NTP: AWS refuses requests that are 5 minutes off')
    : good(what);
}
