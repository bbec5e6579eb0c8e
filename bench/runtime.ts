/**
 * Lambda's runtime with a stopwatch in it. Like Lambda's own (aws-lambda-ric 4), it is an ES module that has loaded
 * these parts of Node.js when it imports the handler; what they cost is not the handler's.
 */
import { lambdaConsole } from '../tools/local/lambda-console.ts';

const { readFileSync, writeSync } = process.getBuiltinModule('node:fs');
const { connect } = process.getBuiltinModule('node:net');
for (const name of ['http', 'module', 'os', 'path', 'util', 'worker_threads'])
  process.getBuiltinModule(`node:${name}`);

type Handler = (event: unknown, context: Record<string, unknown>) => unknown;

interface Answer {
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const [host = '', port = ''] = (process.env.AWS_LAMBDA_RUNTIME_API ?? '').split(':');
const base = '/2018-06-01/runtime/invocation';
const socket = connect(Number(port), host).setNoDelay();
let received: Buffer = Buffer.alloc(0);
let settle: ((answer: Answer) => void) | undefined;

socket.on('data', (chunk: Buffer) => {
  received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
  const end = received.indexOf('\r\n\r\n');
  if (end < 0) return;
  const lines = received.toString('latin1', 0, end).toLowerCase().split('\r\n').slice(1);
  const headers = new Map(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon), line.slice(colon + 1).trim()];
    }),
  );
  const length = Number(headers.get('content-length'));
  if (received.length < end + 4 + length) return;
  const body = received.toString('utf8', end + 4, end + 4 + length);
  received = received.subarray(end + 4 + length);
  settle?.({ headers, body });
});
socket.on('close', () => process.exit(0));

function call(method: string, path: string, payload = ''): Promise<Answer> {
  return new Promise((resolve) => {
    settle = resolve;
    socket.write(
      `${method} ${base}${path} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: ${Buffer.byteLength(payload)}\r\n\r\n${payload}`,
    );
  });
}

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

async function main(): Promise<void> {
  let requestId = '-';
  lambdaConsole(() => requestId);
  performance.now(); // Loads its module: not the handler's cost.
  const startCpu = cpu();
  const start = performance.now();
  const { handler }: { handler: Handler } = await import(process.env.BENCH_ENTRY ?? '');
  const loadedAt = performance.now();
  const loadCpu = cpu();
  const block = Number(process.env.BENCH_BLOCK);
  let walls: number[] = [];
  let blockCpu = 0;
  for (let count = 0; ; count += 1) {
    const { headers, body } = await call('GET', '/next');
    requestId = headers.get('lambda-runtime-aws-request-id') ?? '';
    process.env._X_AMZN_TRACE_ID = headers.get('lambda-runtime-trace-id') ?? '';
    const begun = performance.now();
    const result = await handler(JSON.parse(body), {
      awsRequestId: requestId,
      functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
      functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      invokedFunctionArn: headers.get('lambda-runtime-invoked-function-arn'),
      memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      getRemainingTimeInMillis: () => 10_000,
    });
    const payload = JSON.stringify(result);
    const answered = performance.now();
    if (count === 0) {
      tell({
        load: loadedAt - start,
        first: answered - loadedAt,
        cold: answered - start,
        loadCpu: (loadCpu - startCpu) / 1000,
        coldCpu: (cpu() - startCpu) / 1000,
        memory: peakMemory() / 1024,
      });
      blockCpu = cpu();
    } else {
      walls.push(answered - begun);
      if (walls.length === block) {
        // Getting the event and giving the answer are in it, as they are in what Lambda bills.
        tell({ walls, cpu: (cpu() - blockCpu) / 1000 / block, memory: peakMemory() / 1024 });
        walls = [];
        blockCpu = cpu();
      }
    }
    await call('POST', `/${requestId}/response`, payload);
  }
}

main().catch((error: unknown) => {
  console.error(error);
  process.exit(1);
});
