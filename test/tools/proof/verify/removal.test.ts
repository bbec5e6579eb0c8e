import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import { serveOnLoopback } from '../../../../tools/local/loopback.ts';
import { STACK } from '../../../../tools/proof/verify/place.ts';
import { removeStage } from '../../../../tools/proof/verify/removal.ts';
import { stubAws } from '../../../support/aws-environment.ts';

const ID = `arn:aws:cloudformation:eu-west-1:123456789012:stack/${STACK}/1`;
const OLD_QUEUE = 'https://sqs.eu-west-1.amazonaws.com/123456789012/old';
const QUEUE = 'AWS::SQS::Queue';
const ROLE = 'AWS::IAM::Role';

interface Account {
  /** What the stack is, one look after the other; empty: there is none. */
  readonly statuses: readonly string[];
  /** Type, physical id and status. */
  readonly events: readonly (readonly [string, string, string])[];
}

function answer(action: string, inside: string): string {
  return `<${action}Response><${action}Result>${inside}</${action}Result></${action}Response>`;
}

/** Removes the stage from an account that says this of it; what was asked of the account, in order. */
async function remove({ statuses, events }: Account) {
  const asked: string[] = [];
  const left = [...statuses];
  const queues = new Set([OLD_QUEUE]);

  const cloudFormation = (form: URLSearchParams): string | undefined => {
    const action = form.get('Action') ?? '';
    if (action === 'DeleteStack') return answer(action, '');
    if (action === 'DescribeStackEvents') {
      const members = events.map(
        ([type, id, status]) =>
          `<member><ResourceType>${type}</ResourceType><PhysicalResourceId>${id}</PhysicalResourceId><ResourceStatus>${status}</ResourceStatus></member>`,
      );
      return answer(action, `<StackEvents>${members.join('')}</StackEvents>`);
    }
    const status =
      form.get('StackName') === ID ? 'DELETE_COMPLETE' : left.length > 1 ? left.shift() : left[0];
    return (
      status &&
      answer(
        action,
        `<Stacks><member><StackName>${STACK}</StackName><StackId>${ID}</StackId><StackStatus>${status}</StackStatus></member></Stacks>`,
      )
    );
  };

  const { origin, stop } = await serveOnLoopback(0, async (request, response) => {
    const text = (await buffer(request)).toString();
    const [, action] = String(request.headers['x-amz-target'] ?? '').split('.');
    if (action === undefined) {
      const form = new URLSearchParams(text);
      asked.push(`${form.get('Action')}`);
      const found = cloudFormation(form);
      if (found !== undefined) return response.end(found);
      response.writeHead(400);
      return response.end('<ErrorResponse><Error><Code>ValidationError</Code></Error></ErrorResponse>');
    }
    const { QueueUrl } = JSON.parse(text);
    asked.push(action);
    if (!queues.has(QueueUrl)) {
      response.writeHead(400);
      return response.end(JSON.stringify({ __type: 'com.amazonaws.sqs#QueueDoesNotExist' }));
    }
    if (action === 'DeleteQueue') queues.delete(QueueUrl);
    return response.end('{}');
  });
  stubAws({ AWS_ENDPOINT_URL: origin });
  onTestFinished(stop);
  const { result, seen } = await removeStage(1);
  return { result, seen, asked };
}

test('deletes the stack, then the queue that an update left, and finds nothing else', async () => {
  const events = [
    [ROLE, 'role', 'DELETE_COMPLETE'],
    [QUEUE, OLD_QUEUE, 'DELETE_SKIPPED'],
    [ROLE, 'role', 'CREATE_COMPLETE'],
  ] as const;
  const { seen, asked } = await remove({ statuses: ['UPDATE_COMPLETE'], events });
  expect(seen).toContain('2 resources gone');
  expect(asked.filter((action) => action.startsWith('Delete'))).toEqual(['DeleteStack', 'DeleteQueue']);
});

test('deletes nothing while CloudFormation changes the stack', async () => {
  const statuses = ['UPDATE_IN_PROGRESS', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_COMPLETE'];
  const { asked } = await remove({ statuses, events: [] });
  expect(asked.slice(0, 4)).toEqual(['DescribeStacks', 'DescribeStacks', 'DescribeStacks', 'DeleteStack']);
});

test('names what is left', async () => {
  const events = [
    [ROLE, 'role', 'DELETE_FAILED'],
    [ROLE, 'role', 'CREATE_COMPLETE'],
  ] as const;
  const { result, seen } = await remove({ statuses: ['CREATE_COMPLETE'], events });
  expect([result, seen]).toEqual(['refuted', `left: ${ROLE} role`]);
});

test('deletes nothing when nothing was made', async () => {
  const { seen, asked } = await remove({ statuses: [], events: [] });
  expect([seen, asked]).toEqual(['nothing was made', ['DescribeStacks']]);
});
