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
  }
}

export async function setup(project: TestProject) {
  const directory = await mkdtemp(join(tmpdir(), 'assemblies-'));
  const assemblyDir = join(directory, 'standard');
  const fifoAssemblyDir = join(directory, 'fifo');
  await synthesize({}, assemblyDir);
  await synthesize({ fifo: true }, fifoAssemblyDir);
  project.provide('assemblyDir', assemblyDir);
  project.provide('fifoAssemblyDir', fifoAssemblyDir);
  return () => rm(directory, { recursive: true, force: true });
}
