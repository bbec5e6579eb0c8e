import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { allowedTo, letIn } from './access.ts';
import { arnOf, arnOfSecret, idOf, refTo, synthesize } from './synthesize.ts';

const own = synthesize().template;
const retained = synthesize({ retain: true }).template;
const existing = synthesize({ secretName: 'prod-veriff' }).template;

describe.each<[string, Template, unknown]>([
  ['with a secret of its own', own, refTo(own, 'Receiver/Secret')],
  ['with data that stays', retained, refTo(retained, 'Receiver/Secret')],
  ['with an existing secret', existing, arnOfSecret('prod-veriff')],
])('%s', (_, template, secret) => {
  const lines = (rows: readonly (readonly unknown[])[]) => rows.map((row) => JSON.stringify(row)).sort();

  test("the function's role may write to two queues, read one secret, write its own log and traces; nothing else", () => {
    expect(allowedTo(template, 'Receiver/FunctionRole')).toEqual(
      lines([
        ['Allow', 'sqs:SendMessage', arnOf(template, 'Receiver/Queue'), undefined],
        ['Allow', 'sqs:SendMessage', arnOf(template, 'Receiver/QuarantineQueue'), undefined],
        ['Allow', 'secretsmanager:GetSecretValue', secret, undefined],
        ['Allow', 'logs:CreateLogStream', arnOf(template, 'Receiver/FunctionLogs'), undefined],
        ['Allow', 'logs:PutLogEvents', arnOf(template, 'Receiver/FunctionLogs'), undefined],
        ['Allow', 'xray:PutTraceSegments', '*', undefined],
        ['Allow', 'xray:PutTelemetryRecords', '*', undefined],
      ]),
    );
  });

  test('lets in API Gateway for its one route, and Lambda to the role; no account, no user, no public', () => {
    const route = [
      'arn:',
      { Ref: 'AWS::Partition' },
      ':execute-api:',
      { Ref: 'AWS::Region' },
      ':',
      { Ref: 'AWS::AccountId' },
      ':',
      refTo(template, 'Receiver/Api'),
      '/*/*/webhooks/veriff/user-statuses',
    ];
    expect(letIn(template)).toEqual(
      lines([
        [
          'AWS::Lambda::Permission',
          'apigateway.amazonaws.com',
          'lambda:InvokeFunction',
          { SourceArn: { 'Fn::Join': ['', route] } },
        ],
        ['AWS::IAM::Role', { Service: 'lambda.amazonaws.com' }, ['sts:AssumeRole'], undefined],
      ]),
    );
  });

  test('has one public address: the route, which the function itself guards', () => {
    template.resourceCountIs('AWS::Lambda::Url', 0);
    template.resourceCountIs('AWS::ApiGatewayV2::Api', 1);
    template.resourceCountIs('AWS::ApiGateway::RestApi', 0);
    const routes = Object.values(template.findResources('AWS::ApiGatewayV2::Route'));
    expect(routes.map(({ Properties }) => [Properties.RouteKey, Properties.AuthorizationType])).toEqual([
      ['POST /webhooks/veriff/user-statuses', 'NONE'],
    ]);
  });

  test('every queue has a policy, and each policy refuses plain HTTP to everybody', () => {
    const queues = Object.keys(template.findResources('AWS::SQS::Queue'));
    const policies = Object.values(template.findResources('AWS::SQS::QueuePolicy'));
    const guarded = policies.flatMap(({ Properties }) =>
      Properties.Queues.map(({ Ref }: { Ref: string }) => Ref),
    );
    expect(guarded.sort()).toEqual(queues.sort());
    for (const { Properties } of policies) {
      expect(Properties.PolicyDocument.Statement).toContainEqual({
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Action: 'sqs:*',
        Resource: { 'Fn::GetAtt': [Properties.Queues[0].Ref, 'Arn'] },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
    }
  });
});

test('the function runs under that role, which is the only one', () => {
  expect(Object.keys(own.findResources('AWS::IAM::Role'))).toEqual([idOf(own, 'Receiver/FunctionRole')]);
  own.hasResourceProperties('AWS::Lambda::Function', { Role: arnOf(own, 'Receiver/FunctionRole') });
});

test('what a role is allowed counts, whatever kind of policy allows it, and no statement passes unread', () => {
  const document = (statement: object) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', ...statement }],
  });
  const withPolicy = (statement: object) =>
    Template.fromJSON({
      Resources: {
        Role: {
          Type: 'AWS::IAM::Role',
          Metadata: { 'aws:cdk:path': 'Stack/Role/Resource' },
          Properties: {
            ManagedPolicyArns: ['arn:managed'],
            Policies: [{ PolicyDocument: document({ Action: 'a:Inline', Resource: '*' }) }],
          },
        },
        Managed: {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: { Roles: [{ Ref: 'Role' }], PolicyDocument: document(statement) },
        },
      },
    });
  expect(allowedTo(withPolicy({ Action: ['a:One', 'a:Two'], Resource: 'x' }), 'Role')).toEqual([
    '["Allow","a:Inline","*",null]',
    '["Allow","a:One","x",null]',
    '["Allow","a:Two","x",null]',
    '["managed policy","arn:managed"]',
  ]);
  expect(() => allowedTo(withPolicy({ NotAction: 'a:One', Resource: '*' }), 'Role')).toThrow(
    'Expected "Action"',
  );
});
