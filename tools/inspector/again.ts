/** How a delivery that came is sent once more: by the inspector, or by a person with curl. */
import type { ShownDelivery } from './history.ts';

/** API Gateway and whatever client sends a delivery again make these anew. */
const HOP =
  /^(host|connection|content-length|transfer-encoding|expect|keep-alive|upgrade|te|proxy-.*|accept.*|sec-fetch-.*|x-(amzn|forwarded)-.*)$/;

/** The headers that the sender of a delivery chose. */
export function ownHeaders(headers: ShownDelivery['headers']): Record<string, string> {
  const own = Object.entries(headers).filter(([name]) => !HOP.test(name));
  return Object.fromEntries(own.map(([name, value]) => [name, value ?? '']));
}

/** The delivery as a command of a POSIX shell, past any proxy: the same bytes under the same signature. */
export function curlOf({ headers, body }: ShownDelivery, url: string): string {
  const own = Object.entries(ownHeaders(headers)).map(
    ([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`,
  );
  // Not --data-binary: a body that begins with @ would name a file.
  return ["curl -i --noproxy '*'", quoted(url), ...own, `--data-raw ${quoted(body)}`].join(' \\\n  ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
