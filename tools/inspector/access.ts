/** What is shown comes from whoever sends a delivery. Pico draws its icons as data URLs. */
const CONTENT_SECURITY_POLICY = `default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;
 connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';
 require-trusted-types-for 'script'; trusted-types 'none'`;

export const SECURITY_HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY.replaceAll('\n', ''),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};
