/**
 * What Lambda loads: it compiles the receiver, all of it at once, and then runs it. docs/performance.md has what each
 * step is worth; each is safe when it does nothing, on another Node.js or under other flags.
 *
 * - A function that is compiled when it is first called is parsed twice, and half of that during the first delivery.
 *   Now all of it is done in the init phase, on a whole CPU.
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
