/** API Gateway and whatever client sends a delivery again make these anew. */
const HOP =
  /^(host|connection|content-length|transfer-encoding|user-agent|accept.*|sec-fetch-.*|x-(amzn|forwarded)-.*)$/;

/** The headers that the sender of a delivery chose. */
export function ownHeaders(headers: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const own = Object.entries(headers).filter(([name]) => !HOP.test(name));
  return Object.fromEntries(own.map(([name, value]) => [name, value ?? '']));
}
