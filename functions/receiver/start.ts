/**
 * What Lambda loads: it compiles the receiver, all of it at once, runs it, and waits until it is ready.
 * docs/performance.md has what each step is worth; each is harmless where it has no effect.
 *
 * - What is done here is done in Lambda's init phase, on a whole CPU; a delivery has less than a third of one.
 *   A function that V8 compiles when it is first called is parsed twice, and most are first called by a delivery.
 * - Lambda starts Node.js with `--expose-gc`, and under that flag V8 refuses the code cache that Node.js has of its own
 *   modules. It has done its work once Node.js is up.
 * - Lambda imports what it loads. From a CommonJS file Node.js would first gather the names that it exports.
 */
import type * as receiver from './handler.ts';

// Not imported: that would evaluate all that these modules export, and load half of Node.js with it.
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
