import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

// `npm pack` runs this before and after. The package is the contract: who installs it must not get what this project
// is built with, and npm would install the optional dependencies (Node itself) for them.

const KEPT = 'package.json.untrimmed';

const step = process.argv[2];
if (step !== 'trim' && step !== 'restore') {
  throw new Error(`expected trim or restore, got ${step}; run "npm pack", which calls both`);
}
// A file that is there before trimming is from a run that was interrupted.
if (existsSync(KEPT)) renameSync(KEPT, 'package.json');
if (step === 'trim') {
  const text = readFileSync('package.json', 'utf8');
  const { devDependencies: _dev, optionalDependencies: _optional, ...manifest } = JSON.parse(text);
  writeFileSync(KEPT, text);
  writeFileSync('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
}
