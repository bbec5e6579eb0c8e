import { ResourceNotFoundException, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseSecret } from '../../functions/receiver/secret-value.ts';
import { readFrom, type SecretVersion } from '../../functions/receiver/secrets.ts';
import type { Stack } from '../stack.ts';

const LIMIT_MS = 20_000;
const HOUR_MS = 3_600_000;

/** What the receiver uses for a stack that doesn't put out another. */
const DEFAULT_GRACE_HOURS = 24;

/** The versions that the receiver can use. */
export interface Versions {
  readonly current: SecretVersion | undefined;
  readonly previous: SecretVersion | undefined;
}

/** Reads both as the receiver does. */
export async function readVersions(client: SecretsManagerClient, secretName: string): Promise<Versions> {
  const read = readFrom(client, secretName);
  const [current, previous] = await Promise.all([
    read('AWSCURRENT', AbortSignal.timeout(LIMIT_MS)).catch(unlessNone),
    read('AWSPREVIOUS', AbortSignal.timeout(LIMIT_MS)),
  ]);
  return { current, previous };
}

/** A secret that was made without a value, or no secret at all: to store one tells which. */
function unlessNone(error: unknown): undefined {
  if (!(error instanceof ResourceNotFoundException)) throw error;
}

/** Until when the previous version verifies; undefined: nothing of it does. */
export function previousWorksUntil({ current, previous }: Versions, outputs: Stack['outputs']) {
  if (current === undefined || previous === undefined || !isUsable(previous)) return undefined;
  return new Date(current.createdAt.getTime() + graceHours(outputs) * HOUR_MS);
}

function graceHours({ PreviousSecretGraceHours = DEFAULT_GRACE_HOURS }: Stack['outputs']): number {
  return PreviousSecretGraceHours;
}

function isUsable({ value }: SecretVersion): boolean {
  return parseSecret(value, 'AWSPREVIOUS').ok;
}

/** Both versions for a person: ids and times, never values. */
export function describeVersions(versions: Versions, outputs: Stack['outputs'], now: Date): string {
  const { current, previous } = versions;
  const until = previousWorksUntil(versions, outputs);
  const meaning = current === undefined || !isUsable(current) ? 'not usable: store the key' : 'in use';
  return [
    current === undefined ? 'AWSCURRENT   none: store the key' : row('AWSCURRENT', current, meaning),
    previous === undefined
      ? 'AWSPREVIOUS  none: this is the first'
      : row('AWSPREVIOUS', previous, meaningOfPrevious(until, now)),
    '',
    grace(until, outputs, now),
  ].join('\n');
}

function row(stage: string, { createdAt, id }: SecretVersion, meaning: string): string {
  return `${stage.padEnd(11)}  stored ${createdAt.toISOString()}  ${id ?? 'no id'}  ${meaning}`;
}

function meaningOfPrevious(until: Date | undefined, now: Date): string {
  if (until === undefined) return 'opens nothing: it is the placeholder or unreadable';
  return until > now ? `works until ${until.toISOString()}` : 'no longer works';
}

function grace(until: Date | undefined, outputs: Stack['outputs'], now: Date): string {
  const hours = graceHours(outputs);
  const known =
    outputs.PreviousSecretGraceHours === undefined
      ? ', unless it was deployed with another previousSecretGraceHours'
      : '';
  const period = `Grace period: ${hours} hours${known}.`;
  if (until === undefined || until <= now) return `${period} Only the current version verifies deliveries.`;
  return `${period} Until it ends, deliveries signed with either of the two are taken; then only those signed with the current one. Make the Customer Portal use the current one before.`;
}
