import { afterAll, beforeAll, expect, inject, onTestFinished, test, vi } from 'vitest';
import { type LocalStack, startLocalStack } from '../../tools/local/stack.ts';
import { runProgram, startProgram } from '../support/program.ts';
import { type Interfere, openDoor } from '../support/sqs-between.ts';

// The local SQS knows no message move tasks: their two actions are answered here as SQS documents them.

let stack: LocalStack;
beforeAll(async () => {
  stack = await startLocalStack({ assemblyDir: inject('assemblyDir') });
});
afterAll(() => stack.stop());

type Task = Record<string, string | number>;

const running = (moved: number): Task => ({
  Status: 'RUNNING',
  StartedTimestamp: 2,
  ApproximateNumberOfMessagesMoved: moved,
  ApproximateNumberOfMessagesToMove: 40,
});
const completed: Task = { ...running(40), Status: 'COMPLETED' };
const earlier: Task = { ...completed, StartedTimestamp: 1, ApproximateNumberOfMessagesMoved: 7 };

/** An SQS whose list of moves is one of these after the other; the last one stays. */
async function withMoves(lists: readonly Task[][], count = '40') {
  const left = [...lists];
  const started: Record<string, unknown>[] = [];
  const interfere: Interfere = (action, input) => {
    const answer = (body: unknown) => ({ kind: 'answer', status: 200, body }) as const;
    switch (action) {
      case 'GetQueueAttributes':
        return answer({
          Attributes: {
            QueueArn: stack.queues.deadLetter.arn,
            ApproximateNumberOfMessages: count,
            ApproximateNumberOfMessagesNotVisible: '0',
          },
        });
      case 'ListMessageMoveTasks':
        expect(input.SourceArn).toBe(stack.queues.deadLetter.arn);
        return answer({ Results: left.length > 1 ? left.shift() : left[0] });
      case 'StartMessageMoveTask':
        started.push(input);
        return answer({ TaskHandle: 'handle' });
      default:
        throw new Error(`expected an action for a move, got ${action}`);
    }
  };
  const door = await openDoor(stack, interfere);
  onTestFinished(() => door.stop());
  return { args: ['--local', '--port', door.port, '--dead-letters'], started };
}

test('only counts them unless told to move them', async () => {
  const { args, started } = await withMoves([[]]);
  const { code, stdout } = await runProgram('replay.ts', args);
  expect([code, stdout]).toEqual([0, 'In the dead-letter queue: about 40.\n']);
  expect(started).toEqual([]);
});

test('has SQS move them back to the main queue, and waits for the end of that very move', async () => {
  const { args, started } = await withMoves([[earlier], [earlier], [running(10), earlier], [completed]]);
  const { code, stdout } = await runProgram('replay.ts', [...args, '--apply']);
  expect([code, stdout]).toEqual([0, expect.stringContaining('Moved 40 back to the queue.')]);
  expect(started).toEqual([
    { SourceArn: stack.queues.deadLetter.arn, DestinationArn: stack.queues.main.arn },
  ]);
});

test('watches the move that is under way and starts no other', async () => {
  const { args, started } = await withMoves([[running(10)], [running(20)], [completed]]);
  const { code, stdout } = await runProgram('replay.ts', [...args, '--apply']);
  expect([code, stdout]).toEqual([0, expect.stringContaining('A move is under way.')]);
  expect(started).toEqual([]);
});

test.each<[string, Task, string]>([
  ['fails', { ...running(12), Status: 'FAILED', FailureReason: 'AWS.SimpleQueueService.Denied' }, 'Denied'],
  ['is cancelled', { ...running(12), Status: 'CANCELLED' }, 'CANCELLED'],
])('exits with 1 and says how far it came when the move %s', async (_what, task, why) => {
  const { args } = await withMoves([[], [task]]);
  const { code, stdout } = await runProgram('replay.ts', [...args, '--apply']);
  expect([code, stdout]).toEqual([1, expect.stringMatching(`Moved 12 back .*${why}.* The others stay`)]);
});

test('leaves the move to SQS at Ctrl-C', async () => {
  const { args, started } = await withMoves([[], [running(10)]]);
  const { child, ended } = startProgram('replay.ts', [...args, '--apply']);
  await vi.waitFor(() => expect(started).toHaveLength(1), { timeout: 20_000 });
  child.kill('SIGINT');
  const { code, stdout } = await ended;
  expect([code, stdout]).toEqual([130, expect.stringContaining('SQS goes on moving them')]);
});

test('starts no move when there is nothing to move', async () => {
  const { args, started } = await withMoves([[]], '0');
  expect((await runProgram('replay.ts', [...args, '--apply'])).code).toBe(0);
  expect(started).toEqual([]);
});

test('says that the local stack cannot move messages', async () => {
  const args = ['--local', '--port', new URL(stack.url).port, '--dead-letters', '--apply'];
  const { code, stderr } = await runProgram('replay.ts', args);
  expect([code, stderr]).toEqual([1, expect.stringContaining('the local stack has none, use --stack')]);
});
