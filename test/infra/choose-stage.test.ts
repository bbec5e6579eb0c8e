import { expect, test } from 'vitest';
import { chooseStage, OptionsError, stageOfContext } from '../../infra/choose-stage.ts';
import type { Stages } from '../../infra/options.ts';

const stages = { dev: {}, prod: { retain: true } } satisfies Stages;

test('is dev when none is named', () => {
  expect(stageOfContext(stages, {}).name).toBe('dev');
  expect(stageOfContext(stages, { stage: 'prod' })).toMatchObject({
    name: 'prod',
    options: { retain: true },
  });
});

test.each(['prdo', '', 'toString'])(
  'that is not in the file is refused with those that are: "%s"',
  (name) => {
    const sentence = `infra/stages.ts has no stage "${name}"; it has dev, prod. Use one of these, or add the stage there.`;
    expect(() => stageOfContext(stages, { stage: name })).toThrow(new OptionsError(sentence));
  },
);

test.each(['Prod', '2nd', 'a-', 'a'.repeat(21)])('has a name that AWS takes everywhere: not "%s"', (name) => {
  expect(() => chooseStage({ [name]: {} }, name)).toThrow(
    `infra/stages.ts: "${name}" is not a valid stage name.`,
  );
});

test('with wrong options is refused with a sentence for each, and the others are left alone', () => {
  const wrong: Stages = { dev: {}, prod: JSON.parse('{ "fifo": "yes", "throttleRate": 0 }') };
  expect(() => chooseStage(wrong, 'prod')).toThrow(
    new OptionsError(
      'infra/stages.ts: prod.throttleRate is 0, but it must be a whole number from 1 to 10000 (requests a second).\n' +
        'infra/stages.ts: prod.fifo is "yes", but it must be true or false.',
    ),
  );
  expect(chooseStage(wrong, 'dev').name).toBe('dev');
});

test.each([
  ['true', 'is true, but it must be an object'],
  ['null', 'is null, but it must be an object'],
  ['"x"', 'is "x", but it must be an object'],
  [undefined, 'is missing, but it must be given'],
])('is an object, and not %s', (given, fault) => {
  const wrong: Stages = { prod: given && JSON.parse(given) };
  expect(() => chooseStage(wrong, 'prod')).toThrow(new OptionsError(`infra/stages.ts: prod ${fault}.`));
});

test.each(['alarmEmail', 'secretArn', 'domainName', 'fifo', 'throtleRate', 'stages', 'Stage'])(
  'is all that -c takes: not %s',
  (key) => {
    expect(() => stageOfContext(stages, { stage: 'dev', [key]: 'x' })).toThrow(
      new OptionsError(
        `-c ${key}=… is not read: a stage's options are in infra/stages.ts, and -c takes only the stage.`,
      ),
    );
  },
);

test.each([
  '@aws-cdk/aws-iam:minimizePolicies',
  'aws:cdk:enable-path-metadata',
  'cli-telemetry',
  'availability-zones:account=123456789012:region=eu-west-1',
])('leaves alone what the CDK keeps in its context: %s', (key) => {
  expect(stageOfContext(stages, { [key]: true }).name).toBe('dev');
});
