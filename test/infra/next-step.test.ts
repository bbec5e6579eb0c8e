import { execFile, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { storeKeyCommand } from '../../infra/next-step.ts';

const TERMINAL = fileURLToPath(new URL('terminal.py', import.meta.url));
const KEY = 'abcdef12-abcd-abcd-abcd-abcdef012345';
const OTHER = 'echo-1234-abcd-abcd-abcd-abcdef012345';
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';

const STUB = `#!/bin/sh
printf '%s\\n' "$*" > "$STORED.arguments"
cat > "$STORED"
`;

const SHELLS: readonly (readonly [string, ...string[]])[] = [
  ['bash', '--norc', '--noprofile', '-i'],
  ['zsh', '-f', '-i'],
];

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'next-step-'));
  await writeFile(join(directory, 'aws'), STUB, { mode: 0o755 });
});
afterEach(() => rm(directory, { recursive: true }));

async function paste(shell: readonly string[], text: string) {
  const stored = join(directory, 'stored');
  const history = join(directory, 'history');
  const { stdout: shown } = await promisify(execFile)(
    'python3',
    [TERMINAL, directory, storeKeyCommand('Veriff', 'eu-west-1'), text, ...shell],
    {
      env: {
        ...process.env,
        HISTFILE: history,
        STORED: stored,
      },
    },
  );
  const read = (file: string) => readFile(file, 'utf8').catch(() => undefined);
  return {
    shown,
    stored: await read(stored),
    arguments: await read(`${stored}.arguments`),
    history: (await read(history)) ?? '',
  };
}

describe.each(SHELLS.filter(([name]) => spawnSync(name, ['-c', '']).error === undefined))(
  'in %s',
  (...shell) => {
    test.each([
      ['the key and Enter', `${KEY}\n`],
      ['the key and an empty line', `${KEY}\n\n`],
      ['the key with spaces around it', `\n  ${KEY} \t\n`],
    ])('stores %s without what surrounds the key', async (_what, text) => {
      const { stored, shown, history, ...rest } = await paste(shell, text + CTRL_D);
      expect(stored).toBe(KEY);
      expect(rest.arguments).toBe(
        'secretsmanager put-secret-value --region eu-west-1 --secret-id Veriff --secret-string file:///dev/stdin\n',
      );
      expect([shown.includes(KEY), history.includes(KEY)]).toEqual([false, false]);
    });

    test.each([
      ['two lines', `${KEY}\n${OTHER}\n`],
      ['two lines with an empty one between', `${KEY}\n\n${OTHER}\n`],
      ['a key with a space in it', 'abcdef12-abcd abcd-abcd-abcdef012345\n'],
      ['a key that is cut off', 'abcdef12\n'],
      ['nothing', '\n'],
      ['JSON', `{"live":"${KEY}"}\n`],
      ['a key in quotation marks', `"${KEY}"\n`],
      ['a key with a character that is not seen', `${KEY}\u200b\n`],
      ['what is a command for the shell', '$(touch "$STORED")-and-more\n'],
    ])('stores nothing of %s, and leaves nothing for the shell to run', async (_what, text) => {
      const { stored, shown, history } = await paste(shell, text + CTRL_D);
      expect(stored).toBeUndefined();
      expect(shown).toContain('Nothing was stored: expected one key');
      expect(shown).not.toMatch(/not found|abcdef12/);
      expect(history).not.toContain('abcdef12');
    });

    test('stores nothing after Ctrl-C, although a key was pasted', async () => {
      const { stored, shown } = await paste(shell, `${KEY}\n${CTRL_C}`);
      expect([stored, shown.includes(KEY)]).toEqual([undefined, false]);
    });
  },
);
