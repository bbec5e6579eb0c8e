import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** Standard input: a terminal, which can leave the echo to the program, or a pipe. */
type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };

/** Keeps what is typed from the terminal. */
const nowhere = () => new Writable({ write: (_chunk, _encoding, done) => done() });

/**
 * A secret from a person, without showing it, or all that comes through a pipe.
 * @throws Error when the person gave up.
 */
export async function readSecret(
  question: string,
  input: Input = process.stdin,
  output: { write(text: string): unknown } = process.stderr,
): Promise<string> {
  if (!input.isTTY) return (await text(input)).trim();
  const lines = createInterface({ input, output: nowhere(), terminal: true, historySize: 0 });
  output.write(question);
  try {
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    lines.once('line', resolve);
    lines.once('SIGINT', () => reject(new Error('Nothing was stored.')));
    lines.once('close', () => reject(new Error('Nothing was stored.')));
    return (await promise).trim();
  } finally {
    lines.close();
    output.write('\n');
  }
}
