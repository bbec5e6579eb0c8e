// Runs a program on Node 24, whatever Node the host has: `node tools/node24.mjs PROGRAM [ARGUMENT ...]`.
//
// Node 24 comes as an optional dependency for the host's platform. npm 11 links it as node_modules/.bin/node; npm 10,
// which comes with Node 20 and 22, removes that link again when it drops the packages of the other platforms.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { fileURLToPath, pathToFileURL } from 'node:url';

const NEEDED = 24;
const [program = '', ...args] = process.argv.slice(2);

if (Number(process.versions.node.split('.')[0]) >= NEEDED) {
  process.argv.splice(1, 1);
  await import(pathToFileURL(program).href);
} else {
  const child = spawn(nodeOfPlatform(), [program, ...args], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to both; a second one would cut the clean end short.
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    });
  }
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (signal ? constants.signals[signal] : 0)));
}

function nodeOfPlatform() {
  const platform = { win32: 'win' }[process.platform] ?? process.platform;
  const file = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node';
  for (const name of [`node-${platform}-${process.arch}`, `node-bin-${platform}-${process.arch}`]) {
    const path = fileURLToPath(new URL(`../node_modules/${name}/${file}`, import.meta.url));
    if (existsSync(path)) return path;
  }
  console.error(
    `Expected Node ${NEEDED} or later, got ${process.version}, and there is none for ${process.platform} ${process.arch} ` +
      `among the dependencies. Install Node ${NEEDED}, or run npm ci again without --omit=optional.`,
  );
  return process.exit(1);
}
