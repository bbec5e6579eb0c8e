import { Token } from 'aws-cdk-lib';
import * as v from 'valibot';
import { arn, flag, host, text } from './option-values.ts';

/** A custom domain name, which stays the same when the stack is created again. */
export const domain = v.pipe(
  v.strictObject({
    /** Such as `veriff.example.com`. */
    name: host,
    /**
     * The public hosted zone in Route 53 that gets the name's record.
     * @default none: create a record that points to the output `DomainTarget`, and give `certificateArn`
     */
    hostedZone: v.optional(
      v.strictObject({
        id: text('the id of a hosted zone (Z…)', /^Z[A-Z0-9]{1,31}$/),
        name: host,
      }),
    ),
    /**
     * ARN of a certificate for the name, in the stack's Region.
     * @default a new one, validated through the hosted zone
     */
    certificateArn: v.optional(arn('a certificate', 'acm', 'certificate/[\\w-]+', 'certificate/<id>')),
    /**
     * Disables API Gateway's own address. Set it after deliveries arrive at the custom domain name.
     * @default false: both addresses work
     */
    only: v.optional(flag, false),
  }),
  v.check(
    ({ hostedZone, certificateArn }) => hostedZone !== undefined || certificateArn !== undefined,
    'an object with hostedZone or certificateArn',
  ),
  v.forward(
    v.check(
      ({ name, hostedZone }) => hostedZone === undefined || isIn(name, hostedZone.name),
      'a name in the hostedZone',
    ),
    ['name'],
  ),
);

const URL_ALLOWED = 'an https URL without a fragment (#…)';
const url = v.pipe(
  v.string(URL_ALLOWED),
  v.check((value) => URL.canParse(value) && /^https:\/\/[^#\s]+$/.test(value), URL_ALLOWED),
);

export const alarms = v.pipe(
  v.strictObject({
    /** The email address that gets every alarm. Its owner must first confirm the subscription that AWS sends there. */
    email: v.optional(text('an email address', v.EMAIL_REGEX)),
    /** ARN of an existing SNS topic in the stack's Region that gets every alarm. */
    topicArn: v.optional(arn('an SNS topic', 'sns', '[\\w-]{1,256}', '<name>')),
    /**
     * The URL of docs/runbook.md, for example in your repository. Each alarm links to its section.
     * @default none: alarms name the file and the section
     */
    runbookUrl: v.optional(url),
  }),
  v.check(
    ({ email, topicArn }) => email !== undefined || topicArn !== undefined,
    'an object with email, topicArn or both, because otherwise nobody is told',
  ),
);

function isIn(name: string, zone: string): boolean {
  return Token.isUnresolved(name) || Token.isUnresolved(zone) || name === zone || name.endsWith(`.${zone}`);
}
