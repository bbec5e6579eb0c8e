import { mkdir, readFile, rmdir, writeFile } from 'node:fs/promises';

/** Of Lambda's CPU: one whole vCPU. Source: Lambda, "Configure Lambda function memory". */
const MB_OF_ONE_VCPU = 1769;
/** Lambda hands out CPU time in periods of this length. AWS does not say so; people measured it. */
const PERIOD_US = 20_000;

/** This memory's part of a vCPU, as far as one thread can use it. */
export function shareOf(memoryMb: number): number {
  return Math.min(memoryMb / MB_OF_ONE_VCPU, 1);
}

/** Lambda's limit of CPU time, by a control group of Linux. */
export interface CpuShare {
  /** From now on the process gets the CPU time that this memory has, and no more. */
  readonly limit: (pid: number, memoryMb: number) => Promise<void>;
  /** In how many periods the CPU time was used up so far. */
  readonly exhausted: () => Promise<number>;
  /** Afterwards, when no process is in it any more. */
  readonly remove: () => Promise<void>;
}

/** @throws Error when this machine has no control groups, or does not let this user make one */
export async function createCpuShare(): Promise<CpuShare> {
  const name = `bench-${process.pid}`;
  const [group, setQuota] = await version1(name).catch(() => version2(name));
  return {
    async limit(pid, memoryMb) {
      await setQuota(Math.round(PERIOD_US * shareOf(memoryMb)));
      await writeFile(`${group}/cgroup.procs`, String(pid));
    },
    async exhausted() {
      return Number(/nr_throttled (\d+)/.exec(await readFile(`${group}/cpu.stat`, 'utf8'))?.[1]);
    },
    remove: () => rmdir(group),
  };
}

type Group = readonly [path: string, setQuota: (quotaUs: number) => Promise<void>];

async function version1(name: string): Promise<Group> {
  const group = `/sys/fs/cgroup/cpu/${name}`;
  await mkdir(group);
  await writeFile(`${group}/cpu.cfs_period_us`, String(PERIOD_US));
  return [group, (quotaUs) => writeFile(`${group}/cpu.cfs_quota_us`, String(quotaUs))];
}

async function version2(name: string): Promise<Group> {
  const group = `/sys/fs/cgroup/${name}`;
  await writeFile('/sys/fs/cgroup/cgroup.subtree_control', '+cpu');
  await mkdir(group);
  return [group, (quotaUs) => writeFile(`${group}/cpu.max`, `${quotaUs} ${PERIOD_US}`)];
}
