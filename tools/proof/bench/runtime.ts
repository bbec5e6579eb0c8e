/** The local stack's runtime with a stopwatch in it. */
import { type Handler, serveHandler } from '../../local/runtime-loop.ts';

const { readFileSync, writeSync } = process.getBuiltinModule('node:fs');
// Lambda's own runtime (aws-lambda-ric 4) has loaded these when it imports the handler: their cost is not the handler's.
for (const name of ['http', 'module', 'net', 'os', 'path', 'util', 'worker_threads'])
  process.getBuiltinModule(`node:${name}`);

/** The most memory that this program held, in KiB. Node's `maxRSS` would also count that of the parent it was forked from. */
function peakMemory(): number {
  try {
    return Number(/VmHWM:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]);
  } catch {
    return process.resourceUsage().maxRSS;
  }
}

/** User and system time of all threads, in µs. */
function cpu(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

function tell(mark: Record<string, unknown>): void {
  writeSync(1, `BENCH ${JSON.stringify(mark)}\n`);
}

/** How many deliveries the next mark is of: the first one, then blocks. */
let blockSize = 1;
let walls: number[] = [];
let begun = 0;
let blockCpu = cpu();
const startedAt = performance.now();

const load = async () => {
  const { handler }: { handler: Handler } = await import(process.env.BENCH_ENTRY ?? '');
  tell({ load: performance.now() - startedAt, loadCpu: (cpu() - blockCpu) / 1000 });
  blockCpu = cpu();
  return handler;
};

await serveHandler(load, {
  received() {
    begun = performance.now();
  },
  answered() {
    walls.push(performance.now() - begun);
    if (walls.length < blockSize) return;
    // Of a block, getting the event and giving the answer are in it, as they are in what Lambda bills.
    tell({ walls, cpu: (cpu() - blockCpu) / 1000 / blockSize, memory: peakMemory() / 1024 });
    walls = [];
    blockSize = Number(process.env.BENCH_BLOCK);
    blockCpu = cpu();
  },
});
