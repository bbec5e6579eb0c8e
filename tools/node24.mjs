// Runs a program on Node 24 or later, whatever Node the host has: `node tools/node24.mjs PROGRAM [ARGUMENT ...]`.
//
// A host with an older Node gets a newer one with the dependencies, for its platform: tools/node24/package.json. npm 11
// links it as node_modules/.bin/node; npm 10, which comes with Node 20 and 22, removes that link again when it drops the
// packages of the other platforms.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED = 24;
/** What a shell and a dynamic loader exit with when a program, or a library that it needs, is not there. */
const NOT_FOUND = 127;
const [program = '', ...args] = process.argv.slice(2);

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  process.argv.splice(1, 1);
  await import(pathToFileURL(program).href);
} else {
  runOn(nodeOfPlatform());
}

function runOn(node) {
  const child = spawn(node, [program, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to both; a second one would cut the clean end short.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('error', (error) => cannotStart(node, error.message));
  child.on('exit', (code, signal) => {
    if (code === NOT_FOUND) cannotStart(node, `it exited with ${code}`);
    process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0));
  });
}

function nodeOfPlatform() {
  const platform = { win32: 'win' }[process.platform] ?? process.platform;
  const file = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  for (const name of [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`]) {
    const path = fileURLToPath(new URL(`../node_modules/${name}/${file}`, import.meta.url));
    if (existsSync(path)) return path;
  }
  return fail(
    `there is none for ${process.platform} ${process.arch} among the dependencies. Run npm ci again, or install Node ${NEEDED} or later.`,
  );
}

function cannotStart(node, reason) {
  return fail(
    `${node} cannot start on this system: ${reason}. On Linux it needs glibc, which Alpine does not have. ` +
      `Install Node ${NEEDED} or later, which is then used instead.`,
  );
}

function fail(problem) {
  console.error(`Expected Node ${NEEDED} or later, got ${process.version}, and ${problem}`);
  return process.exit(1);
}
