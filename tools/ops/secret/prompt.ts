import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

/** Standard input: a terminal, which can leave the echo to the program, or a pipe. */
type Input = NodeJS.ReadableStream & { readonly isTTY?: boolean };
type Output = { write(text: string): unknown };

/** A terminal gives a paste of several lines one after the other; what were left of it, the shell would run. */
const PASTE_MS = 200;

/** A secret from a person, without showing it, or all that comes through a pipe. */
export async function readSecret(
  question: string,
  input: Input = process.stdin,
  output: Output = process.stderr,
): Promise<string> {
  return input.isTTY ? ask(question, input, output) : (await text(input)).trim();
}

/** Whether a person agrees; undefined: there is no person to ask. */
export async function confirm(
  question: string,
  input: Input = process.stdin,
  output: Output = process.stderr,
): Promise<boolean | undefined> {
  return input.isTTY ? /^y(es)?$/i.test(await ask(`${question} [y/N] `, input, output)) : undefined;
}

async function ask(question: string, input: Input, output: Output): Promise<string> {
  // Without an output it shows nothing of what is typed.
  const asking = createInterface({ input, terminal: true, historySize: 0 });
  const lines: string[] = [];
  output.write(question);
  try {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    asking.on('line', (line) => {
      lines.push(line);
      resolve();
    });
    const giveUp = () => reject(new Error('expected an answer, got Ctrl-C or Ctrl-D'));
    asking.once('SIGINT', giveUp).once('close', giveUp);
    await promise;
    await sleep(PASTE_MS);
    return [...lines, asking.line].join('\n').trim();
  } finally {
    asking.close();
    output.write('\n');
  }
}
