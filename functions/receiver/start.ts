/**
 * The entry point of the Lambda function. It compiles the whole receiver at once, runs it and waits for `ready`.
 * docs/performance.md says what each step saves; a step without effect does no harm.
 *
 * - `--no-lazy` compiles every function here, in Lambda's init phase, which has a whole CPU; a delivery has less than a
 *   third of one. By default V8 compiles a function at its first call, mostly in the first delivery, and so
 *   parses it twice.
 * - Lambda starts Node.js with `--expose-gc`. With this flag, V8 rejects Node.js's code cache of its built-in modules.
 *   It is turned off here; `gc` stays defined.
 * - The young generation is collected at the end. Otherwise V8 would collect it in the first delivery.
 * - This file is an ES module, because Node.js would scan a CommonJS file for exports when Lambda imports it.
 */
import type * as receiver from './handler.ts';

// No `import`: it would read every export of these modules, and some exports load many other modules of Node.js.
const { readFileSync } = process.getBuiltinModule('node:fs');
const { createRequire } = process.getBuiltinModule('node:module');
const { setFlagsFromString } = process.getBuiltinModule('node:v8');
const { compileFunction } = process.getBuiltinModule('node:vm');

const filename = `${import.meta.dirname}/receiver.cjs`;

setFlagsFromString('--no-lazy');
const run = compileFunction(readFileSync(filename, 'utf8'), ['module', 'exports', 'require'], { filename });
setFlagsFromString('--lazy');
setFlagsFromString('--no-expose-gc');

const module: { exports: Partial<typeof receiver> } = { exports: {} };
run(module, module.exports, createRequire(filename));

export const { handler } = module.exports;
await module.exports.ready;
globalThis.gc?.({ type: 'minor' });
