import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { synthesize } from '../../tools/local/assembly.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The assembly that `cdk deploy` would ship, synthesized once for all test files. */
    assemblyDir: string;
    /** The same with FIFO queues. */
    fifoAssemblyDir: string;
    /** The same with an event bus. */
    eventBusAssemblyDir: string;
    /** Where Node keeps the compiled code of the programs that tests start. */
    compiledDir: string;
  }
}

export async function setup(project: TestProject) {
  const directory = await mkdtemp(join(tmpdir(), 'assemblies-'));
  project.provide('compiledDir', join(directory, 'compiled'));
  const assemblies = [
    ['assemblyDir', {}],
    ['fifoAssemblyDir', { fifo: true }],
    ['eventBusAssemblyDir', { eventBus: true }],
  ] as const;
  for (const [name, options] of assemblies) {
    const assemblyDir = join(directory, name);
    await synthesize(options, assemblyDir);
    project.provide(name, assemblyDir);
  }
  return () => rm(directory, { recursive: true, force: true });
}
