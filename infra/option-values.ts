import { Token } from 'aws-cdk-lib';
import * as v from 'valibot';

// Each message completes the sentence "… is …, but it must be …".

/** Accepts a string that matches the pattern, and a CDK token (the ARN of another construct), which has no value yet. */
export function text(allowed: string, pattern: RegExp) {
  return v.pipe(
    v.string(allowed),
    v.check((value) => Token.isUnresolved(value) || pattern.test(value), allowed),
  );
}

/**
 * @param resource the pattern of the part after the account
 * @param written the same part, as it is shown to people
 */
export function arn(what: string, service: string, resource: string, written: string) {
  return text(
    `the ARN of ${what} (arn:aws:${service}:<region>:<account>:${written})`,
    new RegExp(`^arn:aws[a-z-]*:${service}:[a-z0-9-]+:\\d{12}:${resource}$`),
  );
}

export const host = text(
  'a host name in lower case, such as veriff.example.com',
  /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
);

export const flag = v.boolean('true or false');

export function wholeNumber(min: number, max: number, unit: string) {
  const allowed = `a whole number from ${min} to ${max} (${unit})`;
  return v.pipe(v.number(allowed), v.integer(allowed), v.minValue(min, allowed), v.maxValue(max, allowed));
}
