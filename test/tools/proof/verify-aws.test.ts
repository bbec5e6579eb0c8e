import { buffer } from 'node:stream/consumers';
import { expect, onTestFinished, test, vi } from 'vitest';
import { serveOnLoopback } from '../../../tools/local/loopback.ts';
import { runProgram, startProgram } from '../../support/program.ts';

const STACK = 'veriff-status-receiver-verify';
const UNASKED = ['--yes', '--report', '/dev/null'];
const CREDENTIALS = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local', AWS_REGION: 'eu-west-1' };

/** A CloudFormation that has these stacks, and every action that was asked of it; one of them it never answers. */
async function account(stacks: readonly string[], unanswered = '') {
  const actions: string[] = [];
  const { promise: left, resolve } = Promise.withResolvers<void>();
  const { origin, stop } = await serveOnLoopback(0, async (request, response) => {
    const form = new URLSearchParams((await buffer(request)).toString());
    const name = form.get('StackName') ?? '';
    actions.push(`${form.get('Action')} ${name}`.trim());
    if (form.get('Action') === unanswered) return void response.on('close', resolve);
    if (!stacks.includes(name)) {
      response.writeHead(400);
      return response.end(
        `<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id ${name} does not exist</Message></Error></ErrorResponse>`,
      );
    }
    const id = `arn:aws:cloudformation:eu-west-1:123456789012:stack/${name}/1`;
    const stack = `<member><StackName>${name}</StackName><StackId>${id}</StackId><StackStatus>CREATE_COMPLETE</StackStatus></member>`;
    return response.end(
      `<DescribeStacksResponse><DescribeStacksResult><Stacks>${stack}</Stacks></DescribeStacksResult></DescribeStacksResponse>`,
    );
  });
  onTestFinished(stop);
  return { actions, left, env: { ...CREDENTIALS, AWS_ENDPOINT_URL: origin } };
}

test('refuses to begin without credentials, in one sentence', async () => {
  const nothing = {
    AWS_ACCESS_KEY_ID: '',
    AWS_SECRET_ACCESS_KEY: '',
    AWS_PROFILE: '',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  const { code, stderr, stdout } = await runProgram('../proof/verify-aws.ts', ['--yes'], {
    ...nothing,
    AWS_REGION: 'eu-west-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^expected credentials and a Region, got: .*; set AWS_PROFILE and AWS_REGION\n$/);
});

test('refuses to begin without a Region, in one sentence', async () => {
  const { code, stderr } = await runProgram('../proof/verify-aws.ts', ['--yes'], {
    ...CREDENTIALS,
    AWS_REGION: '',
    AWS_DEFAULT_REGION: '',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  });
  expect([code, stderr]).toEqual([
    1,
    expect.stringMatching(/^expected credentials and a Region, got: .*\n$/),
  ]);
});

test('refuses an account that cdk can not deploy to', async () => {
  const { env } = await account([]);
  const { code, stderr } = await runProgram('../proof/verify-aws.ts', ['--yes'], env);
  expect([code, stderr]).toEqual([1, expect.stringContaining('run "npx cdk bootstrap" first')]);
});

test('refuses a stage that exists, and leaves it alone', async () => {
  const { env, actions } = await account(['CDKToolkit', STACK]);
  const { code, stderr } = await runProgram('../proof/verify-aws.ts', ['--yes'], env);
  expect([code, stderr]).toEqual([1, expect.stringContaining(`expected no stack ${STACK} in eu-west-1`)]);
  expect(actions).toEqual(['DescribeStacks CDKToolkit', `DescribeStacks ${STACK}`]);
});

test('says where it would deploy, what it makes and what that costs, and makes nothing unless somebody agrees', async () => {
  const { env, actions } = await account(['CDKToolkit']);
  const { code, stderr } = await runProgram('../proof/verify-aws.ts', [], env);
  expect(code).toBe(1);
  expect(stderr).toContain(`the stack ${STACK} to account 123456789012, Region eu-west-1`);
  expect(stderr).toContain('USD');
  expect(stderr).toContain('expected --yes, to agree to the above, got none');
  expect(actions.filter((action) => !action.startsWith('DescribeStacks'))).toEqual([]);
});

/** For Vitest and `cdk deploy`, one in the other. */
const timeout = 120_000;

test('goes on to the removal when what all claims need has failed, and tries no other', {
  timeout,
}, async () => {
  const { env, actions } = await account(['CDKToolkit']);
  const { code, stdout, stderr } = await runProgram('../proof/verify-aws.ts', UNASKED, env);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^✗ A stage with alarms and a dashboard.*\n {4}.*cdk exited with 1: /m);
  expect(stderr.match(/^[✓✗–]/gm)).toEqual(['✗', '✓']);
  expect(stdout).toMatch(/ 1 confirmed, 1 not confirmed, \d+ not found out/);
  expect(stdout).toContain('Not tried: it needs "A stage with alarms and a dashboard');
  expect(stdout).toContain('| The stage is deleted, and nothing of it is left. | nothing was made |');
  expect(actions.at(-1)).toBe(`DescribeStacks ${STACK}`);
});

test('at Ctrl-C it ends what it started, and then removes the stage', { timeout }, async () => {
  const { env, actions, left } = await account(['CDKToolkit'], 'GetCallerIdentity');
  const { child, ended } = startProgram('../proof/verify-aws.ts', UNASKED, env);
  await vi.waitFor(() => expect(actions).toContain('GetCallerIdentity'), { timeout });
  child.kill('SIGINT');
  await left;
  const lookedBefore = actions.filter((action) => action === `DescribeStacks ${STACK}`);
  expect(lookedBefore).toHaveLength(1);
  const { code, stdout, stderr } = await ended;
  expect(code).toBe(130);
  expect(stderr).toContain('Interrupted: removing the stage');
  expect(stdout).toMatch(/ 1 confirmed, 0 not confirmed, \d+ not found out/);
  expect(stdout).toContain('| Interrupted. |');
  expect(stdout).toContain('| The stage is deleted, and nothing of it is left. | nothing was made |');
});
