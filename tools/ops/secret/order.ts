import * as v from 'valibot';
import { MOST_KEYS, PLACEHOLDER_NAME } from '../../../functions/receiver/secret-value.ts';
import { createCommand, flag, text } from '../../cli/command-line.ts';
import type { Target } from '../stack.ts';
import { readTarget, targetEntries, withTarget } from '../target.ts';

/** What the operator wants of the secret. */
export type Order = { readonly target: Target; readonly hasAgreed: boolean } & (
  | { readonly kind: 'status' }
  | { readonly kind: 'replace' | 'add'; readonly integration: string | undefined }
  | { readonly kind: 'remove' | 'revoke'; readonly fingerprint: string }
);

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
would see it. Several at once: a list ["KEY", "KEY"] or an object {"NAME": "KEY"}; ${MOST_KEYS} keys at most. It says what it will
store before it does, by names and fingerprints: the first 8 hex digits of a key's SHA-256, which the receiver's log
has, too.

What is replaced or removed verifies deliveries until the grace period ends. Only one previous version is kept: to store
again within that time ends what that version alone holds. You are asked before that, before keys with names give way
to one without, and before the only key is revoked. Without a terminal that needs --yes.

To rotate: make a key in Veriff's portal, store it with --add, wait until the log names only the new fingerprint,
--remove the old one, and delete it in the portal.

AWS_PROFILE and AWS_REGION choose the account and the Region. It needs cloudformation:DescribeStacks, and on the secret
secretsmanager:GetSecretValue, PutSecretValue and UpdateSecretVersionStage.

Examples:
  npm run secret -- --stack veriff-status-receiver-prod
  npm run --silent secret -- --stack veriff-status-receiver-prod --add --integration live < key-file
  npm run secret -- --stack veriff-status-receiver-prod --status
  npm run secret -- --stack veriff-status-receiver-prod --revoke 1a2b3c4d
  npm run secret -- --local`,
  );

const schema = v.object({
  ...targetEntries,
  add: flag,
  integration: text,
  remove: text,
  revoke: text,
  status: flag,
  yes: flag,
});

const MODES = ['add', 'remove', 'revoke', 'status'] as const;

/** A name as it may stand in a message attribute. */
const NAME = /^[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u;

/** Reads the command line; ends the program with a sentence when it can't be followed. */
export function readOrder(): Order {
  const { options, target } = readTarget(command, schema);
  if (command.args.length > 0) {
    command.error(
      'expected no key as an argument, got one; leave it out, take it out of the history of your shell, and type it when asked',
    );
  }
  const modes = MODES.filter((mode) => options[mode] !== undefined && options[mode] !== false);
  if (modes.length > 1) {
    const given = modes.map((mode) => `--${mode}`).join(' and ');
    command.error(
      `expected one of --add, --remove, --revoke and --status, got ${given}; do one after the other`,
    );
  }
  const [mode] = modes;
  const common = { target, hasAgreed: options.yes };
  if (options.integration !== undefined && mode !== undefined && mode !== 'add') {
    command.error(
      `expected --integration with a key to store, got it with --${mode}; leave it out${mode === 'status' ? '' : ', the fingerprint says which key'}`,
    );
  }
  if (mode === 'status') return { ...common, kind: mode };
  if (mode === 'remove' || mode === 'revoke') {
    return { ...common, kind: mode, fingerprint: fingerprintIn(mode, options[mode] ?? '') };
  }
  return { ...common, kind: mode ?? 'replace', integration: nameIn(options.integration) };
}

function fingerprintIn(mode: string, given: string): string {
  if (/^[0-9a-f]{8}$/i.test(given)) return given.toLowerCase();
  // Not repeated: it may be the key itself.
  return command.error(
    `--${mode}: expected a fingerprint, 8 hex digits as --status shows them, got something else; give the fingerprint, and never a key as an argument`,
  );
}

function nameIn(given: string | undefined): string | undefined {
  const name = given?.trim();
  if (name === undefined || (NAME.test(name) && name !== PLACEHOLDER_NAME)) return name;
  return command.error(
    `--integration: expected a name of 1 to 100 printable characters other than "${PLACEHOLDER_NAME}", got ${JSON.stringify(given)}; choose another`,
  );
}
