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
export type CpuShare = Awaited<ReturnType<typeof createCpuShare>>;

/** @throws Error when this machine has no control groups, or does not let this user make one */
export async function createCpuShare() {
  const name = `bench-${process.pid}`;
  const [group, setQuota] = await version1(name).catch(() => version2(name));
  const exhausted = async () =>
    Number(/nr_throttled (\d+)/.exec(await readFile(`${group}/cpu.stat`, 'utf8'))?.[1]);
  return {
    /**
     * From now on the process gets the CPU time that this memory has, and no more.
     * @returns in how many periods it was used up since then
     */
    async limit(pid: number, memoryMb: number): Promise<() => Promise<number>> {
      await setQuota(Math.round(PERIOD_US * shareOf(memoryMb)));
      await writeFile(`${group}/cgroup.procs`, String(pid));
      const before = await exhausted();
      return async () => (await exhausted()) - before;
    },
    /** Afterwards, when no process is in it any more. */
    remove: () => rmdir(group),
  };
}

async function version1(name: string) {
  const group = `/sys/fs/cgroup/cpu/${name}`;
  await mkdir(group);
  await writeFile(`${group}/cpu.cfs_period_us`, String(PERIOD_US));
  return [group, (quotaUs: number) => writeFile(`${group}/cpu.cfs_quota_us`, String(quotaUs))] as const;
}

async function version2(name: string) {
  const group = `/sys/fs/cgroup/${name}`;
  await writeFile('/sys/fs/cgroup/cgroup.subtree_control', '+cpu');
  await mkdir(group);
  return [group, (quotaUs: number) => writeFile(`${group}/cpu.max`, `${quotaUs} ${PERIOD_US}`)] as const;
}
