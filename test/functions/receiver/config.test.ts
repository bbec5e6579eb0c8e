import { describe, expect, it } from 'vitest';
import { parseConfig, type ReceiverEnv } from '../../../functions/receiver/config.ts';

const env: ReceiverEnv = {
  QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/main',
  QUARANTINE_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/123456789012/quarantine',
  SECRET_ID: 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:name-AbCdEf',
  PREVIOUS_SECRET_GRACE_HOURS: '24',
  ALLOWED_SOURCES: '203.0.113.0/24,198.51.100.7',
  TRACING: 'on',
  METRICS_SERVICE: 'receiver',
  METRICS_NAMESPACE: 'receiver',
};

describe('the environment', () => {
  it('is read with the grace period as a number', () => {
    expect(parseConfig({ ...env, PATH: '/bin' })).toEqual({
      ...env,
      PREVIOUS_SECRET_GRACE_HOURS: 24,
      ALLOWED_SOURCES: ['203.0.113.0/24', '198.51.100.7'],
      TRACING: true,
    });
  });

  it.each(Object.keys(env))('without %s is refused by name', (name) => {
    const { [name]: _, ...rest } = { ...env } as Record<string, string>;
    expect(() => parseConfig(rest)).toThrow(
      `The function's environment variables are wrong (${name}: missing`,
    );
    expect(() => parseConfig(rest)).toThrow('Deploy the stack with --revert-drift.');
  });

  it.each([
    { QUEUE_URL: 'main' },
    { QUARANTINE_QUEUE_URL: '' },
    { SECRET_ID: '' },
    { PREVIOUS_SECRET_GRACE_HOURS: '-1' },
    { PREVIOUS_SECRET_GRACE_HOURS: '1d' },
    { PREVIOUS_SECRET_GRACE_HOURS: '1234567' },
    { TRACING: 'yes' },
    { METRICS_SERVICE: '' },
  ])('with a wrong value is refused: %j', (wrong) => {
    expect(() => parseConfig({ ...env, ...wrong })).toThrow(
      new RegExp(`\\(${Object.keys(wrong)[0]}: expected (an?|on) [a-z A-Z]+\\)`),
    );
  });

  it('that is wrong is told with what was expected', () => {
    expect(() => parseConfig({ ...env, QUEUE_URL: 'main', SECRET_ID: undefined })).toThrow(
      "The function's environment variables are wrong (QUEUE_URL: expected a URL; SECRET_ID: missing). Deploy the stack with --revert-drift.",
    );
  });

  it('that is wrong in several places is refused once, with all of them', () => {
    expect(() => parseConfig({})).toThrow(/QUEUE_URL.*QUARANTINE_QUEUE_URL.*SECRET_ID.*GRACE_HOURS/);
  });
});
