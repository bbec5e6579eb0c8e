import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { run } from '../../../../tools/proof/verify/program.ts';

const { signal } = new AbortController();

test('gives a program its input and its environment, and returns what it printed', async () => {
  const script = 'process.stdin.pipe(process.stdout); console.log(process.env.VERIFY)';
  expect(await run('-e', [script], { signal, env: { VERIFY: 'first' }, input: 'a key' })).toBe(
    'first\na key',
  );
});

test('quotes what CloudFormation says of a failure, wherever it stands', async () => {
  const script = "console.log('CREATE_FAILED it exists\\n'.padEnd(200, 'stack trace\\n')); process.exit(1)";
  await expect(run('-e', [script], { signal })).rejects.toThrow(
    /^-e exited with 1: CREATE_FAILED it exists$/,
  );
});

test('quotes the end of what another program printed when it fails', async () => {
  const script = "console.error('expected a key, got none'); process.exit(1)";
  await expect(run('-e', [script], { signal })).rejects.toThrow('-e exited with 1: expected a key, got none');
});

test('has ended the program when an interruption is reported', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'program-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const file = join(directory, 'pid');
  const script = `
    process.on('SIGTERM', () => setTimeout(process.exit, 300));
    setInterval(() => {}, 1_000);
    fs.writeFileSync(process.env.FILE, String(process.pid));`;
  const interrupt = new AbortController();
  const running = run('-e', [script], { signal: interrupt.signal, env: { FILE: file } });
  const pid = await vi.waitFor(
    async () => {
      const text = await readFile(file, 'utf8');
      expect(text).not.toBe('');
      return Number(text);
    },
    { timeout: 20_000 },
  );
  interrupt.abort();
  await expect(running).rejects.toThrow(/abort/);
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
