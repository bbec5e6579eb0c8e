import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { veriffSample } from '../support/samples.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NAME = 'veriff-status-receiver';
/** What the package is made of; a copy, so that packing leaves the working tree alone. */
const SOURCES = [
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'contract',
  'tools/node24.mjs',
  'tools/package-manifest.ts',
  'README.md',
  'LICENSE',
];
const CONSUMER = `
import { EVENT_TYPE, eventId, InvalidMessageError, parseUserStatusMessage, userStatusCreated } from '${NAME}';
import type { UserStatusCreated, UserStatusMessage } from '${NAME}';
import schema from '${NAME}/schema.json' with { type: 'json' };
import sample from '${NAME}/samples/user-status-created.json' with { type: 'json' };

const message: UserStatusMessage = parseUserStatusMessage({ Body: JSON.stringify(sample) });
const event: UserStatusCreated = message.event;
const code: string = event.data.verification.userDefinedData.statusCode;
// @ts-expect-error The types are more than any.
const wrong: number = event.sessionId;
let refused = false;
try {
  parseUserStatusMessage({ Body: '{}' });
} catch (error) {
  refused = error instanceof InvalidMessageError && error.problems.length > 0;
}
const same = eventId(event) === message.eventId && typeof wrong === 'string';
console.log(JSON.stringify([EVENT_TYPE, code, same, refused, schema.title, userStatusCreated.type]));
`;

const run = promisify(execFile);
const npm = (cwd: string, ...args: readonly string[]) =>
  run('npm', [...args, '--offline', '--no-audit', '--no-fund', '--no-update-notifier'], { cwd });

let work: string;
let project: string;
let consumer: string;
let installed: string;

// A subscriber's project: npm installs the tarball, and valibot from where this project has it.
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'package-'));
  [project, consumer] = [join(work, 'project'), join(work, 'consumer')];
  for (const source of SOURCES) await cp(join(ROOT, source), join(project, source), { recursive: true });
  await symlink(join(ROOT, 'node_modules'), join(project, 'node_modules'), 'junction');
  await mkdir(consumer);
  await npm(project, 'pack', '--pack-destination', consumer);

  const [tarball] = await readdir(consumer);
  const dependencies = { [NAME]: `file:${tarball}`, valibot: `file:${join(ROOT, 'node_modules/valibot')}` };
  await writeFile(join(consumer, 'package.json'), JSON.stringify({ type: 'module', dependencies }));
  await npm(consumer, 'install', '--ignore-scripts', '--install-links');
  installed = join(consumer, 'node_modules', NAME);
});
afterAll(() => rm(work, { recursive: true, force: true }));

describe('the package', () => {
  it('pulls in valibot and nothing else', async () => {
    const manifest = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
    expect(Object.keys(manifest.dependencies)).toEqual(['valibot']);
    expect(manifest).not.toHaveProperty('optionalDependencies');
    expect(manifest).not.toHaveProperty('peerDependencies');
    const found = await readdir(join(consumer, 'node_modules'));
    expect(found.filter((name) => !name.startsWith('.')).sort()).toEqual(['valibot', NAME]);
  });

  it('holds the contract and none of the receiver', async () => {
    expect((await readdir(installed)).sort()).toEqual([
      'LICENSE',
      'README.md',
      'contract',
      'dist',
      'package.json',
    ]);
    expect((await readdir(join(installed, 'contract'))).sort()).toEqual(['samples', 'schema']);
    expect((await readdir(join(installed, 'dist'))).sort()).toEqual(
      ['depth', 'event', 'message', 'other-webhooks', 'subscriber', 'time'].flatMap((name) => [
        `${name}.d.ts`,
        `${name}.js`,
      ]),
    );
  });

  it('type-checks in a strict TypeScript project, and parses a message there', async () => {
    await writeFile(join(consumer, 'main.ts'), CONSUMER);
    const compilerOptions = {
      strict: true,
      module: 'nodenext',
      target: 'es2022',
      lib: ['es2022', 'dom'],
      types: [],
      outDir: 'out',
      skipLibCheck: false,
    };
    await writeFile(join(consumer, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['main.ts'] }));
    await run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc')], { cwd: consumer });
    const { stdout } = await run(process.execPath, ['out/main.js'], { cwd: consumer });
    const { statusCode } = JSON.parse(veriffSample.body).data.verification.userDefinedData;
    expect(JSON.parse(stdout)).toEqual([
      'user-status.created',
      statusCode,
      true,
      true,
      'user-status.created',
      'loose_object',
    ]);
  });

  it('has its manifest as before once it is packed', async () => {
    const manifest = (directory: string) => readFile(join(directory, 'package.json'), 'utf8');
    expect(await manifest(project)).toBe(await manifest(ROOT));
    expect(await readdir(project)).not.toContain('package.json.untrimmed');
  });
});
