import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');
/** What the packages are made of; a copy, so that a test does not touch what another one reads. */
const SOURCES = [
  'package.json',
  'tsconfig.json',
  '.gitignore',
  'LICENSE',
  'contract',
  'functions',
  'infra',
  'tools/node24.mjs',
];
const NAMES = { contract: 'veriff-status-receiver', infra: 'veriff-status-receiver-cdk' } as const;
/** `require` of an ES module, which is new in Node 20.19, is off: the package must not need it. */
const NODE_FLAGS = ['--no-experimental-require-module'];

const run = promisify(execFile);

/** A project somewhere else that has installed a package of ours. */
export interface Project {
  readonly directory: string;
  /** The package as npm has installed it. */
  readonly installed: string;
  /** What git would commit after the package was packed. */
  readonly changedByPacking: string;
  /**
   * Type-checks the files as strictly as TypeScript can, the libraries' types included, and compiles them to `out`.
   * @param module the module system of TypeScript
   */
  compile(module: string, ...files: readonly string[]): Promise<void>;
  /** Runs a program, and gives what it printed. */
  run(program: string, how?: { node?: string | undefined; env?: Record<string, string> }): Promise<string>;
  remove(): Promise<void>;
}

/**
 * Packs a workspace, and installs it as a subscriber would, with valibot from where this project has it.
 * @param peers packages that the project has already
 */
export async function installPackage(
  workspace: keyof typeof NAMES,
  peers: readonly string[] = [],
): Promise<Project> {
  const work = await mkdtemp(join(tmpdir(), 'package-'));
  const [source, directory] = [join(work, 'source'), join(work, 'project')];
  for (const path of SOURCES) {
    await cp(join(ROOT, path), join(source, path), {
      recursive: true,
      filter: (file) => basename(file) !== 'dist',
    });
  }
  await git(source, 'init', '--quiet');
  await git(source, 'add', '--all');
  await symlink(join(ROOT, 'node_modules'), join(source, 'node_modules'), 'junction');
  await mkdir(directory);
  await npm(source, 'pack', '-w', workspace, '--pack-destination', directory);
  const changed = await git(source, 'ls-files', '--modified', '--deleted', '--others', '--exclude-standard');

  const [tarball] = await readdir(directory);
  const name = NAMES[workspace];
  const dependencies = { [name]: `file:${tarball}`, valibot: `file:${join(ROOT, 'node_modules/valibot')}` };
  await writeFile(join(directory, 'package.json'), JSON.stringify({ type: 'module', dependencies }));
  await npm(directory, 'install', '--ignore-scripts', '--install-links', '--legacy-peer-deps');
  for (const peer of peers) {
    await mkdir(join(directory, 'node_modules', peer, '..'), { recursive: true });
    await symlink(join(ROOT, 'node_modules', peer), join(directory, 'node_modules', peer), 'junction');
  }
  return {
    directory,
    installed: join(directory, 'node_modules', name),
    changedByPacking: changed.stdout,
    async compile(module, ...files) {
      const compilerOptions = {
        strict: true,
        skipLibCheck: false,
        module,
        target: 'es2022',
        lib: ['es2022', 'dom'],
        types: peers.includes('@types/node') ? ['node'] : [],
        outDir: 'out',
      };
      await writeFile(join(directory, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
      await run(process.execPath, [TSC], { cwd: directory }).catch(({ stdout }) => {
        throw new Error(`expected ${files} to compile with ${module}, got:\n${stdout}`);
      });
    },
    async run(program, { node = process.execPath, env = {} } = {}) {
      const options = { cwd: directory, env: { ...process.env, ...env } };
      return (await run(node, [...NODE_FLAGS, program], options)).stdout;
    },
    remove: () => rm(work, { recursive: true, force: true }),
  };
}

/** A Node 20 of this machine, if it has one: the oldest that the packages work with. */
export function findNode20(): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((directory) => join(directory, 'node'))
    .find((node) => spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.startsWith('v20.'));
}

function git(cwd: string, ...args: readonly string[]) {
  // Not by the settings of whoever runs the tests.
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return run('git', args, { cwd, env });
}

function npm(cwd: string, ...args: readonly string[]) {
  return run('npm', [...args, '--offline', '--no-audit', '--no-fund', '--no-update-notifier'], { cwd });
}
