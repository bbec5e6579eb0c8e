import { describe, expect, test } from 'vitest';
import { createLog } from '../../functions/receiver/log.ts';
import { createReport } from '../../functions/receiver/report.ts';
import { UnavailableError } from '../../functions/receiver/retry.ts';
import { UnusableSecretError } from '../../functions/receiver/secret-version.ts';
import { fragmentsOf } from '../support/headings.ts';
import { receiverTemplate } from './receiver-template.ts';
import { synthesize } from './synthesize.ts';

const TOPIC = 'arn:aws:sns:eu-west-1:123456789012:on-call';
const { template } = synthesize({ alarms: { email: 'ops@example.com', topicArn: TOPIC } });
const single = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
  ({ Properties }) => Properties,
);
const composite = Object.values(template.findResources('AWS::CloudWatch::CompositeAlarm')).map(
  ({ Properties }) => Properties,
);
const topics = Object.keys(template.findResources('AWS::SNS::Topic'));

/** The alarm on a metric. */
function on(metric: string, queue?: string) {
  const found = single.filter(
    ({ MetricName, Dimensions }) =>
      MetricName === metric && (queue === undefined || JSON.stringify(Dimensions).includes(queue)),
  );
  expect(found).toHaveLength(1);
  return found[0];
}

test('are not there when nobody is to be told', () => {
  const plain = synthesize().template;
  for (const type of [
    'AWS::CloudWatch::Alarm',
    'AWS::CloudWatch::CompositeAlarm',
    'AWS::SNS::Topic',
    'AWS::CloudWatch::Dashboard',
  ]) {
    plain.resourceCountIs(type, 0);
  }
});

test('tell the email address and the topic, when they go off and when they clear', () => {
  expect(topics).toHaveLength(1);
  for (const { AlarmActions, OKActions } of [...single, ...composite]) {
    expect(AlarmActions).toEqual([TOPIC, { Ref: topics[0] }]);
    expect(OKActions).toEqual(AlarmActions);
  }
  template.hasResourceProperties('AWS::SNS::Subscription', {
    Protocol: 'email',
    Endpoint: 'ops@example.com',
  });
});

test.each([{ email: 'ops@example.com' }, { topicArn: TOPIC }])('need one of the two: %j', (alarms) => {
  const only = synthesize({ alarms }).template;
  expect(
    Object.values(only.findResources('AWS::CloudWatch::Alarm'))[0]?.Properties.AlarmActions,
  ).toHaveLength(1);
  only.resourceCountIs('AWS::SNS::Topic', 'email' in alarms ? 1 : 0);
});

test('each state the impact and link a section of the runbook that exists', () => {
  const sections = fragmentsOf(new URL('../../docs/runbook.md', import.meta.url));
  for (const { AlarmDescription } of [...single, ...composite]) {
    const [, impact, section] = /^(.+\.) What to do: docs\/runbook\.md#(.+)$/.exec(AlarmDescription) ?? [];
    expect(impact?.length).toBeGreaterThan(20);
    expect(sections).toContain(section);
  }
});

test("end in a link to the section where the runbook has an address, as long as CloudWatch's text may be", () => {
  const runbookUrl = 'https://git.example.com/receiver/blob/main/docs/runbook.md';
  const linked = receiverTemplate({ Receiver: { alarms: { topicArn: TOPIC, runbookUrl } } });
  const texts = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'].flatMap((type) =>
    Object.values(linked.findResources(type)).map(({ Properties }) => String(Properties.AlarmDescription)),
  );
  expect(texts).toHaveLength(single.length + composite.length);
  for (const text of texts) {
    expect(text.split(' ').at(-1)).toMatch(
      /^https:\/\/git\.example\.com\/receiver\/blob\/main\/docs\/runbook\.md#[a-z-]+$/,
    );
    expect(text.length).toBeLessThanOrEqual(1024);
  }
});

describe('the topic', () => {
  /** The statements of the policy of the topic that this action names; none when the topic isn't of this stack. */
  function statementsFor(action: unknown): { Effect: string; Principal: unknown; Action: unknown }[] {
    return Object.values(template.findResources('AWS::SNS::TopicPolicy'))
      .filter(({ Properties }) => JSON.stringify(Properties.Topics) === JSON.stringify([action]))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
  }

  test('lets CloudWatch publish for this account: from each alarm, by its actions, to the policy', () => {
    const walked = [...single, ...composite].flatMap(({ AlarmActions, OKActions }) =>
      [...AlarmActions, ...OKActions].filter((action) => action !== TOPIC).map(statementsFor),
    );
    expect(walked).toHaveLength(2 * (single.length + composite.length));
    for (const statements of walked) {
      expect(statements).toContainEqual({
        Sid: 'Alarms',
        Effect: 'Allow',
        Principal: { Service: 'cloudwatch.amazonaws.com' },
        Action: 'sns:Publish',
        Resource: { Ref: topics[0] },
        Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
      });
    }
  });

  test('lets nobody else publish, and nobody without TLS', () => {
    const statements = statementsFor({ Ref: topics[0] });
    expect(statements.map(({ Effect }) => Effect).sort()).toEqual(['Allow', 'Deny']);
    expect(statements.find(({ Effect }) => Effect === 'Deny')).toMatchObject({
      Action: 'sns:Publish',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });
});

describe('no data', () => {
  test.each([
    ['ApproximateNumberOfMessagesVisible', 'Quarantine'],
    ['ApproximateNumberOfMessagesVisible', 'DeadLetter'],
    ['ApproximateAgeOfOldestMessage', 'Queue'],
  ])('from a queue neither raises nor clears: %s of %s', (metric, queue) => {
    expect(on(metric, queue)?.TreatMissingData).toBe('ignore');
  });

  test('from what counts deliveries means that there were none', () => {
    const counting = single.filter(({ Namespace }) => Namespace !== 'AWS/SQS');
    expect(new Set(counting.map(({ TreatMissingData }) => TreatMissingData))).toEqual(
      new Set(['notBreaching']),
    );
  });
});

describe('one bad delivery is enough', () => {
  test.each(['5xx', 'Errors', 'Throttles', 'PlaceholderSecret', 'TooLarge', 'ReducedMessage'])(
    'for %s',
    (metric) => {
      expect(on(metric)).toMatchObject({
        Threshold: 1,
        EvaluationPeriods: 1,
        DatapointsToAlarm: 1,
        Period: 300,
        Statistic: expect.stringMatching(/Sum/),
      });
    },
  );

  test.each(['Quarantine', 'DeadLetter'])('for a message in %s', (queue) => {
    expect(on('ApproximateNumberOfMessagesVisible', queue)).toMatchObject({
      Threshold: 1,
      EvaluationPeriods: 1,
    });
  });
});

test.each([
  ['secret', 'SignatureMismatch'],
  ['address', 'TurnedAwayBeforeFunction'],
])('a wrong %s is found when only one delivery is tried again each hour', (_, metric) => {
  expect(on(metric)).toMatchObject({
    Threshold: 1,
    Period: 3600,
    DatapointsToAlarm: 3,
    EvaluationPeriods: 6,
  });
});

test('the previous secret in use in two different hours has not been replaced at the sender', () => {
  expect(on('VerifiedByPreviousKey')).toMatchObject({
    Threshold: 1,
    Period: 3600,
    DatapointsToAlarm: 2,
    EvaluationPeriods: 12,
  });
});

test('the composite one says that deliveries may not be received', () => {
  expect(composite).toHaveLength(1);
  const rule = JSON.stringify(composite[0]?.AlarmRule);
  expect(composite[0]?.AlarmDescription).toMatch(/^Deliveries may not be received/);
  for (const alarm of [
    'Unavailable',
    'FunctionErrors',
    'FunctionThrottles',
    'Placeholder',
    'SignatureMismatch',
  ]) {
    expect(rule).toContain(`Alarms${alarm}`);
  }
});

test('the dashboard shows the alarms on top, and what came in, how fast, what waits and what it costs', () => {
  const { template: shown } = synthesize({ alarms: { email: 'ops@example.com' }, dashboard: true });
  const [board] = Object.values(shown.findResources('AWS::CloudWatch::Dashboard'));
  const body = JSON.stringify(board?.Properties.DashboardBody).replaceAll('\\"', '"');
  expect(body.indexOf('"title":"Alarms"')).toBeGreaterThan(0);
  for (const title of [
    'Deliveries by outcome',
    'Duration',
    'Messages waiting',
    'Age of the oldest',
    'Cold starts',
    'Invocations and their average duration',
  ]) {
    expect(body.indexOf(`"title":"${title}`)).toBeGreaterThan(body.indexOf('"title":"Alarms"'));
  }
});

test('ask for what the function writes: each of its metrics by name, namespace and dimension, without a unit', () => {
  const [fn] = Object.values(template.findResources('AWS::Lambda::Function')).map(
    ({ Properties }) => Properties,
  );
  const { METRICS_NAMESPACE: namespace, METRICS_SERVICE: service } = fn?.Environment.Variables ?? {};
  const written = new Map<string, unknown>();
  const log = createLog({
    namespace,
    service,
    requestId: () => undefined,
    write(line) {
      const { _aws, ...values } = JSON.parse(line);
      const [{ Namespace, Dimensions, Metrics }] = _aws.CloudWatchMetrics;
      const dimensions = Dimensions[0].map((Name: string) => ({ Name, Value: values[Name] }));
      for (const { Name, Unit } of Metrics)
        written.set(Name, { Namespace, MetricName: Name, Dimensions: dimensions, Unit });
    },
  });
  const key = { secret: 's', integration: undefined, fingerprint: 'f', label: 'AWSPREVIOUS' } as const;
  const cause = new UnusableSecretError('no', { isPlaceholder: true });
  const report = createReport(log);
  report({ kind: 'Accepted', eventId: 'e', isReduced: true, unknown: [], key });
  report({ kind: 'TooLarge', key });
  report({ kind: 'Refused', reason: 'signature-mismatch' });
  report({ kind: 'Unavailable', error: new UnavailableError('secret', 'no', { cause }) });

  const counted = Object.values(template.findResources('AWS::Logs::MetricFilter')).map(
    ({ Properties }) => Properties.MetricTransformations[0].MetricName,
  );
  const asked = single.filter(
    ({ Namespace, MetricName }) => Namespace === namespace && !counted.includes(MetricName),
  );
  expect(asked.length).toBeGreaterThan(4);
  for (const { Namespace, MetricName, Dimensions, Unit } of asked) {
    expect({ Namespace, MetricName, Dimensions, Unit }).toEqual(written.get(MetricName));
  }
});
