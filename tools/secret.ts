import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Command } from 'commander';
import * as v from 'valibot';
import { sentenceOf } from './failure.ts';
import { problemOf, sameKeys } from './secret/form.ts';
import { readSecret } from './secret/prompt.ts';
import { describeVersions, readVersions } from './secret/versions.ts';
import { findStack, type Stack } from './stack.ts';
import { flag, readTarget, targetEntries, withTarget } from './target.ts';

const command = withTarget(new Command('npm run secret --'))
  .description("Stores Veriff's shared secret key, or replaces it, and shows which versions are live.")
  .allowExcessArguments()
  .option('--status', 'only show which versions are live')
  .addHelpText(
    'after',
    `
The key is asked for and not shown, or read from standard input; never given as an argument, where others on the machine
would see it. It is the integration's shared secret key; for several integrations one JSON object from API key to shared
secret key, on one line at the prompt.

A key that is replaced goes on verifying deliveries during the grace period, so that nothing is lost between storing the
new key here and using it in the Customer Portal. Only one previous key is kept: don't store twice within that time.

AWS_PROFILE and AWS_REGION choose the account and the Region. It needs cloudformation:DescribeStacks, and on the secret
secretsmanager:GetSecretValue (what is stored already is not stored again) and PutSecretValue.

Examples:
  npm run secret -- --stack veriff-status-receiver-prod
  npm run --silent secret -- --stack veriff-status-receiver-prod < key-file
  npm run secret -- --stack veriff-status-receiver-prod --status
  npm run secret -- --local`,
  );

const schema = v.object({ ...targetEntries, status: flag });

const { options, target } = readTarget(command, schema);
if (command.args.length > 0) {
  command.error(
    'expected no key as an argument, got one; leave it out, take it out of the history of your shell, and type it when asked',
  );
}
try {
  const stack = await findStack(target);
  const client = new SecretsManagerClient({ ...stack.secretsManager });
  if (!options.status) await store(client, stack);
  const versions = await readVersions(client, stack.outputs.SecretName);
  console.log(describeVersions(versions, stack.outputs, new Date()));
} catch (error) {
  console.error(sentenceOf(error));
  process.exitCode = 1;
}

async function store(client: SecretsManagerClient, { name, outputs }: Stack): Promise<void> {
  const { SecretName: secretName } = outputs;
  const { current } = await readVersions(client, secretName);
  const value = await readSecret(`Veriff's shared secret key for ${name} (it is not shown): `);
  const problem = problemOf(value);
  if (problem !== undefined) throw new Error(`${problem.replace(/\.$/, '')}. Nothing was stored.`);
  if (current !== undefined && sameKeys(current.value, value)) {
    throw new Error(
      'expected another secret than the current one, got the same; nothing was stored, and the previous one is kept.',
    );
  }
  await client.send(new PutSecretValueCommand({ SecretId: secretName, SecretString: value }));
  console.log(
    `Stored in ${secretName}. The receiver uses it within 5 minutes, or at once when a signature needs it.\n`,
  );
}
