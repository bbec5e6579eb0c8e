/** An awk program that prints its input if that is one possible key, and else fails. Stricter than `parseSecretValue`. */
const ONLY_WORD = [
  '{ for (i = 1; i <= NF; i++) { n++; key = $i } }',
  'END { if (n == 1 && length(key) >= 16 && key ~ /^[A-Za-z0-9._~+\\/=:-]+$/) print key; else exit 1 }',
].join(' ');

/**
 * A command for bash and zsh that asks for the key and stores it. It needs only the AWS CLI. It reads until Ctrl-D, so
 * that the shell does not run other lines of a paste as commands, and stores nothing unless the input is one word that
 * can be a key. The key passes through pipes, and never through the shell's history, an argument or a file.
 */
export function storeKeyCommand(secretName: string, region: string): string {
  const store = `aws secretsmanager put-secret-value --region ${region} --secret-id '${secretName}'`;
  return [
    "(trap 'stty echo' EXIT; trap 'exit 130' INT; stty -echo;",
    "printf 'Paste the key (it is not shown), press Enter, then Ctrl-D: ' >&2;",
    `KEY=$(LC_ALL=C awk '${ONLY_WORD}') ||`,
    "{ printf '\\nNothing was stored: expected one key of 16 characters or more, and nothing else.\\n' >&2; exit 1; };",
    "printf '\\n' >&2;",
    `printf %s "$KEY" | ${store} --secret-string file:///dev/stdin)`,
  ].join(' ');
}
