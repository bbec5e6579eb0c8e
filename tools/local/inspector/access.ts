import type { IncomingMessage } from 'node:http';
import { GUARD_HEADER } from './protocol.ts';

/** What is shown comes from whoever sends a delivery; what can be done is for this page only. */
export const SECURITY_HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

const OWN_HOST = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/i;

/** Why the request is not answered; undefined when it may be. */
export function objectionTo(request: IncomingMessage): string | undefined {
  const { host = '', origin, 'sec-fetch-site': site, 'sec-fetch-mode': mode } = request.headers;
  // A name that an attacker's DNS points at 127.0.0.1 would make their page one of our origin.
  if (!OWN_HOST.test(host)) return `expected the host 127.0.0.1 or localhost, got ${host}`;
  if (origin !== undefined && origin !== `http://${host}`) {
    return `expected a request of this page, got one of ${origin}`;
  }
  // Following a link to the page is fine; loading it into another one is not.
  if (mode !== 'navigate' && site !== undefined && site !== 'same-origin' && site !== 'none') {
    return `expected a request of this page, got one that is ${site}`;
  }
  if (request.method === 'POST' && request.headers[GUARD_HEADER] === undefined) {
    return `expected the header ${GUARD_HEADER}, got none`;
  }
  return undefined;
}
