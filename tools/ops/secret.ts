import * as v from 'valibot';
import {
  MAX_KEYS,
  PLACEHOLDER_NAME,
  parseSecretValue,
  type StoredKey,
} from '../../functions/receiver/secret-value.ts';
import { createCommand, flag, main, text } from '../cli/command-line.ts';
import { explained } from '../cli/failure.ts';
import { adding, type Change, removing, replacing, revoking } from './secret/change.ts';
import { secretValueOf } from './secret/form.ts';
import { confirm, readSecret } from './secret/prompt.ts';
import { announcement, statusText } from './secret/status.ts';
import { carryOut } from './secret/store.ts';
import { readExisting, type Versions } from './secret/versions.ts';
import { findStack, type Stack } from './stack.ts';
import { readTarget, targetEntries, withTarget } from './target.ts';

const command = withTarget(createCommand('npm run secret'))
  .description(
    "Stores Veriff's shared secret keys, takes them away, and shows which ones work. Without another option it asks for a key and replaces what is stored.",
  )
  .allowExcessArguments()
  .option('--add', 'store the key beside those that are there; all of them work')
  .option(
    '--integration <name>',
    'the name of the key, which becomes "integration" of its events; without --add, only the keys of that name are replaced',
  )
  .option(
    '--remove <fingerprint>',
    'take a key away; it works on as a part of the previous version during the grace period',
  )
  .option('--revoke <fingerprint>', 'end a key that has leaked: take it out of the previous version as well')
  .option('--status', 'only show the keys by name and fingerprint, since when and until when they work')
  .option('--yes', 'agree to what it would ask about')
  .addHelpText(
    'after',
    `
A key is asked for and not shown, or read from standard input; never given as an argument, where others on the machine
would see it. Several at once: a list ["KEY", "KEY"] or an object {"NAME": "KEY"}; ${MAX_KEYS} keys at most. It says what it will
store before it does, by names and fingerprints: the first 8 hex digits of a key's SHA-256, which the receiver's log
has, too.

What is replaced or removed verifies deliveries until the grace period ends. Only one previous version is kept: to store
again within that time ends what that version alone holds. You are asked before that, before keys with names give way
to one without, before the only key is revoked, and before --revoke gives other keys of that version a whole grace period
again. Without a terminal that needs --yes.

How to rotate a key, and what to do when one has leaked: docs/runbook.md.

AWS_PROFILE and AWS_REGION choose the account and the Region. It needs cloudformation:DescribeStacks, and on the secret
secretsmanager:GetSecretValue, PutSecretValue and UpdateSecretVersionStage.

Examples:
  npm run secret -- --stack veriff-status-receiver-prod
  npm run --silent secret -- --stack veriff-status-receiver-prod --add --integration live < key-file
  npm run secret -- --stack veriff-status-receiver-prod --status
  npm run secret -- --stack veriff-status-receiver-prod --revoke 1a2b3c4d
  npm run secret -- --local`,
  );

/** A name as it may stand in a message attribute. */
const NAME = /^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u;
const NAME_EXPECTED = `a name of 1 to 100 printable characters other than "${PLACEHOLDER_NAME}"`;
const schema = v.object({
  ...targetEntries,
  add: flag,
  integration: v.optional(
    v.pipe(v.string(), v.trim(), v.regex(NAME, NAME_EXPECTED), v.notValue(PLACEHOLDER_NAME, NAME_EXPECTED)),
  ),
  remove: text,
  revoke: text,
  status: flag,
  yes: flag,
});

const { options, target } = readTarget(command, schema);
const { integration } = options;
if (command.args.length > 0) {
  command.error(
    'expected no key as an argument, got one; leave it out, take it out of the history of your shell, and type it when asked',
  );
}
const modes = (['add', 'remove', 'revoke', 'status'] as const).filter(
  (one) => options[one] !== undefined && options[one] !== false,
);
if (modes.length > 1) {
  const given = modes.map((one) => `--${one}`).join(' and ');
  command.error(
    `expected one of --add, --remove, --revoke and --status, got ${given}; do one after the other`,
  );
}
const [mode = 'replace'] = modes;
if (integration !== undefined && mode !== 'replace' && mode !== 'add') {
  const why = mode === 'status' ? '' : ', the fingerprint says which key';
  command.error(`expected --integration with a key to store, got it with --${mode}; leave it out${why}`);
}
const fingerprint = (options.remove ?? options.revoke ?? '').toLowerCase();
if ((mode === 'remove' || mode === 'revoke') && !/^[0-9a-f]{8}$/.test(fingerprint)) {
  // Not repeated: it may be the key itself.
  command.error(
    `--${mode}: expected a fingerprint, 8 hex digits as --status shows them, got something else; give the fingerprint, and never a key as an argument`,
  );
}

const IN_USE = 'The receiver uses it within 5 minutes, or at once when a signature needs it.';
const EFFECTS = {
  replace: IN_USE,
  add: IN_USE,
  remove: `${fingerprint} works on while AWSPREVIOUS does; end it at once with --revoke ${fingerprint}.`,
  revoke: `Every environment of the receiver ends ${fingerprint} within 5 minutes; one that cannot read the secret, within an hour.`,
};

await main(async () => {
  const stack = await findStack(target);
  if (mode !== 'status') {
    const { versions, change } = await prepare(stack).catch((error) => {
      throw new Error(`${explained(error).replace(/\.$/, '')}. Nothing was stored.`);
    });
    await carryOut(stack, versions, change);
    // Without a grace period nothing works on.
    const hasGrace = stack.outputs.PreviousSecretGraceHours !== 0;
    console.log(`Done. ${EFFECTS[mode === 'remove' && !hasGrace ? 'revoke' : mode]}\n`);
  }
  console.log(statusText(await readExisting(stack), stack.outputs));
  return 0;
});

/** Everything that can be wrong is found out before anything is stored. */
async function prepare(stack: Stack): Promise<{ versions: Versions; change: Change }> {
  const versions = await readExisting(stack);
  const change = await changeOf(versions, stack.name);
  for (const keys of [change.current, change.previous]) secretValueOf(keys ?? []);
  console.log(announcement(stack.outputs.SecretName, versions, change));
  if (change.consequences.length > 0 && !options.yes) {
    const hasAgreed = await confirm('Go on?');
    if (hasAgreed === undefined) throw new Error('expected --yes, to agree to the above, got none; give it');
    if (!hasAgreed) throw new Error('expected "y", got another answer');
  }
  return { versions, change };
}

async function changeOf(versions: Versions, stackName: string): Promise<Change> {
  if (mode === 'remove') return removing(versions, fingerprint);
  if (mode === 'revoke') return revoking(versions, fingerprint);
  const given = await givenKeys(stackName);
  return mode === 'add' ? adding(versions, given) : replacing(versions, given, integration);
}

async function givenKeys(stackName: string): Promise<readonly StoredKey[]> {
  const given = await readSecret(`Veriff's shared secret key for ${stackName} (it is not shown): `);
  const parsed = parseSecretValue(given);
  if (!parsed.ok) throw new Error(parsed.problem);
  if (parsed.keys.some((key) => key.integration !== undefined && !NAME.test(key.integration))) {
    throw new Error(`expected ${NAME_EXPECTED} for each key, got another name; give another`);
  }
  if (integration === undefined) return parsed.keys;
  if (parsed.keys.some((key) => key.integration !== undefined)) {
    throw new Error('expected keys without names with --integration, got some with names; leave one out');
  }
  return parsed.keys.map((key) => ({ ...key, integration }));
}
