import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { SubscriberStack } from '../../examples/lambda-subscriber/stack.ts';

const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
const template = Template.fromStack(new SubscriberStack(app, 'Subscriber', { stage: 'dev' }));

/** The reference to a parameter of CloudFormation that reads this one of SSM. */
function published(name: string) {
  const parameters = template.findParameters('*', {
    Type: 'AWS::SSM::Parameter::Value<String>',
    Default: `/veriff-status-receiver/dev/${name}`,
  });
  const [id] = Object.keys(parameters);
  expect(id).toBeDefined();
  return { Ref: id };
}

describe('the stack of the Lambda subscriber', () => {
  it('finds the queue by its SSM parameter, and fails messages one by one', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: published('queue-arn'),
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('may drain the queue by the policy that the receiver publishes', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      ManagedPolicyArns: [published('subscriber-policy-arn')],
    });
  });

  it('may do with its tables and its log what it does, and nothing else', () => {
    const [policy] = Object.values(template.findResources('AWS::IAM::Policy'));
    const statements: { Action: string | string[]; Resource: unknown }[] =
      policy?.Properties.PolicyDocument.Statement;
    expect(statements.map(({ Action }) => Action)).toEqual([
      ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'],
      ['logs:CreateLogStream', 'logs:PutLogEvents'],
    ]);
    expect(statements.map(({ Resource }) => Resource)).toEqual(
      Array(3).fill({ 'Fn::GetAtt': [expect.any(String), 'Arn'] }),
    );
    template.resourceCountIs('AWS::IAM::Policy', 1);
  });

  it('names the tables as Powertools and the handler use them', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      TimeToLiveSpecification: { AttributeName: 'expiration', Enabled: true },
    });
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: {
        Variables: Match.objectLike({
          STATUSES_TABLE: { Ref: Match.stringLikeRegexp('^Statuses') },
          IDEMPOTENCY_TABLE: { Ref: Match.stringLikeRegexp('^Idempotency') },
        }),
      },
    });
  });
});

describe('the app of the Lambda subscriber', () => {
  it('makes a bundle that Lambda can read, whatever the umask, and says nothing but that it bundles', () => {
    const outdir = mkdtempSync(join(tmpdir(), 'subscriber-'));
    try {
      const app = new URL('../../examples/lambda-subscriber/app.ts', import.meta.url).href;
      const script = `process.umask(0o077); import(${JSON.stringify(app)});`;
      const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        encoding: 'utf8',
        env: { PATH: process.env.PATH, CDK_OUTDIR: outdir, CDK_CONTEXT_JSON: '{}' },
      });
      expect(status).toBe(0);
      expect(stderr).toMatch(/^Bundling asset [^\n]+\n$/);
      const [file = ''] = globSync('asset.*/index.js', { cwd: outdir });
      expect(statSync(join(outdir, file)).mode & 0o777).toBe(0o644);
    } finally {
      rmSync(outdir, { recursive: true });
    }
  });
});
