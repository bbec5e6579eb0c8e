import { ownHeaders } from '../headers.ts';
import type { ShownDelivery } from '../protocol.ts';

/** The delivery as a command of a POSIX shell: the same bytes under the same signature. */
export function curlOf({ headers, body }: ShownDelivery, url: string): string {
  const options = Object.entries(ownHeaders(headers)).map(
    ([name, value]) => `-H ${quoted(`${name}: ${value}`)}`,
  );
  // Not --data-binary: a body that begins with @ would name a file.
  return ['curl -i', quoted(url), ...options, `--data-raw ${quoted(body)}`].join(' \\\n  ');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
