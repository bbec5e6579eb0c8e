import { expect, test } from 'vitest';
import { refTo, synthesize } from './synthesize.ts';

const { template } = synthesize({ previousSecretGraceHours: 48, logRetentionDays: 30 });

test('runs on Node 24 and arm64, is traced, and logs JSON to a group of its own', () => {
  template.resourceCountIs('AWS::Lambda::Function', 1);
  template.hasResourceProperties('AWS::Lambda::Function', {
    Runtime: 'nodejs24.x',
    Architectures: ['arm64'],
    TracingConfig: { Mode: 'Active' },
    LoggingConfig: {
      LogFormat: 'JSON',
      SystemLogLevel: 'INFO',
      LogGroup: refTo(template, 'Receiver/FunctionLogs'),
    },
  });
});

test('without tracing has no traces, no permission for them, and is told to hand on no trace header', () => {
  const untraced = synthesize({ tracing: false }).template;
  const [lambda] = Object.values(untraced.findResources('AWS::Lambda::Function'));
  expect(lambda?.Properties).not.toHaveProperty('TracingConfig');
  expect(lambda?.Properties.Environment.Variables.TRACING).toBe('off');
  expect(JSON.stringify(untraced.toJSON())).not.toContain('xray:');
});

test('has time left when the code has given its answer, at the latest after 4 s', () => {
  const [lambda] = Object.values(template.findResources('AWS::Lambda::Function'));
  expect(lambda?.Properties.Timeout).toBeGreaterThan(4);
});

test('finds in its environment what it has been allowed to use', () => {
  const [lambda] = Object.values(template.findResources('AWS::Lambda::Function'));
  expect(lambda?.Properties.Environment.Variables).toEqual({
    QUEUE_URL: refTo(template, 'Receiver/Queue'),
    QUARANTINE_QUEUE_URL: refTo(template, 'Receiver/QuarantineQueue'),
    SECRET_ID: refTo(template, 'Receiver/Secret'),
    PREVIOUS_SECRET_GRACE_HOURS: '48',
    ALLOWED_SOURCES: '',
    TRACING: 'on',
    METRICS_SERVICE: 'veriff-status-receiver-dev',
    METRICS_NAMESPACE: 'VeriffStatusReceiver',
  });
});

test('keeps its log and the access log for as many days as configured, and makes no other', () => {
  const groups = Object.values(template.findResources('AWS::Logs::LogGroup'));
  expect(groups.map(({ Properties }) => Properties.RetentionInDays)).toEqual([30, 30]);
});
