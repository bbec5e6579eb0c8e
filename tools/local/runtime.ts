/** The program of an execution environment. It is made CommonJS first, which starts in half the time. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Handler, serveHandler } from './runtime-loop.ts';

/** Loads what `file.export` names out of the code's directory: all that this project ships is ES modules. */
async function load(): Promise<Handler> {
  const { LAMBDA_TASK_ROOT: root = '', _HANDLER: name = '' } = process.env;
  const [file, exported = ''] = name.split('.');
  const loaded: object = await import(pathToFileURL(join(root, `${file}.mjs`)).href);
  const handler: unknown = Reflect.get(loaded, exported);
  if (typeof handler === 'function') return (event, context) => handler(event, context);
  throw Object.assign(new Error(`${name} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
}

serveHandler(load).catch(() => process.exit(1));
