import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseSecretValue, type StoredKey } from '../../functions/receiver/secret-value.ts';
import { main } from '../cli/command-line.ts';
import { explained } from '../cli/failure.ts';
import { announcement } from './secret/announcement.ts';
import { adding, type Change, type Held, removing, replacing, revoking } from './secret/change.ts';
import { type Order, readOrder } from './secret/order.ts';
import { confirm, readSecret } from './secret/prompt.ts';
import { describeVersions } from './secret/status.ts';
import { carryOut, secretValueOf, type Target } from './secret/store.ts';
import { keysOf, previousWorksUntil, readExisting } from './secret/versions.ts';
import { findStack, type Stack } from './stack.ts';

type Storing = Exclude<Order, { kind: 'status' }>;

const order = readOrder();
await main(async () => {
  const stack = await findStack(order.target);
  const client = new SecretsManagerClient({ ...stack.secretsManager });
  if (order.kind !== 'status') {
    const { target, change } = await prepare(order, client, stack).catch((error) => {
      throw new Error(`${explained(error).replace(/\.$/, '')}. Nothing was stored.`);
    });
    await carryOut(target, change);
    console.log(`Done. ${effect(order)}\n`);
  }
  const versions = await readExisting(client, stack);
  console.log(describeVersions(versions, stack.outputs, new Date()));
  return 0;
});

/** Everything that can be wrong is found out before anything is stored. */
async function prepare(
  order: Storing,
  client: SecretsManagerClient,
  stack: Stack,
): Promise<{ target: Target; change: Change }> {
  const { name, outputs } = stack;
  const { SecretName: secretName } = outputs;
  const versions = await readExisting(client, stack);
  const parsed = versions.current?.parsed;
  const held: Held = {
    current: keysOf(versions.current),
    currentProblem: parsed === undefined || parsed.ok || parsed.isPlaceholder ? undefined : parsed.problem,
    previous: keysOf(versions.previous),
    previousUntil: previousWorksUntil(versions, outputs, new Date()),
  };
  const change = await wanted(order, held, name);
  for (const keys of [change.current, change.previous]) secretValueOf(keys ?? []);
  console.log(announcement(secretName, versions, held, change));
  if (change.consequences.length > 0 && !order.hasAgreed) await agreement();
  return { target: { client, secretName, versions }, change };
}

async function wanted(order: Storing, held: Held, stackName: string): Promise<Change> {
  switch (order.kind) {
    case 'add':
      return adding(held, await givenKeys(stackName, order.integration));
    case 'remove':
      return removing(held, order.fingerprint);
    case 'revoke':
      return revoking(held, order.fingerprint);
    case 'replace':
      return replacing(held, await givenKeys(stackName, order.integration), order.integration);
  }
}

async function givenKeys(stackName: string, integration: string | undefined): Promise<readonly StoredKey[]> {
  const parsed = parseSecretValue(
    await readSecret(`Veriff's shared secret key for ${stackName} (it is not shown): `),
  );
  if (!parsed.ok) throw new Error(parsed.problem);
  if (integration === undefined) return parsed.keys;
  if (parsed.keys.some((key) => key.integration !== undefined)) {
    throw new Error('expected keys without names with --integration, got some with names; leave one out');
  }
  return parsed.keys.map((key) => ({ ...key, integration }));
}

async function agreement(): Promise<void> {
  const hasAgreed = await confirm('Go on?');
  if (hasAgreed === undefined) throw new Error('expected --yes, to agree to the above, got none; give it');
  if (!hasAgreed) throw new Error('expected "y", got another answer');
}

function effect(order: Storing): string {
  switch (order.kind) {
    case 'remove':
      return `${order.fingerprint} works on while AWSPREVIOUS does; end it at once with --revoke ${order.fingerprint}.`;
    case 'revoke':
      return `Every environment of the receiver ends ${order.fingerprint} within 5 minutes; one that cannot read the secret, within an hour.`;
    case 'add':
    case 'replace':
      return 'The receiver uses it within 5 minutes, or at once when a signature needs it.';
  }
}
