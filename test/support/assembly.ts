import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { synthesize } from '../../tools/local/assembly.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The assembly that `cdk deploy` would ship, synthesized once for all test files. */
    assemblyDir: string;
  }
}

export async function setup(project: TestProject) {
  const assemblyDir = await mkdtemp(join(tmpdir(), 'assembly-'));
  await synthesize({ stage: 'local' }, assemblyDir);
  project.provide('assemblyDir', assemblyDir);
  return () => rm(assemblyDir, { recursive: true, force: true });
}
