import { inWords } from '../secret/form.ts';
import { DeletedSecretError, keysOf, readVersions } from '../secret/versions.ts';
import { revertDrift } from '../stack.ts';
import { bad, type Examination, good } from './finding.ts';

/** The sections of the alarms that fire, too, when the secret can't be used. */
const SAID_BY_ALARMS = ['the-secret-is-the-placeholder', 'deliveries-are-unavailable'];

export async function checkSecret(examination: Examination): Promise<void> {
  const { stack, said, report } = examination;
  const { outputs } = stack;
  const fault = (what: string, todo: string) => {
    for (const section of SAID_BY_ALARMS) said.add(section);
    report(bad(`Secret: ${what}`, todo));
  };
  const command = `"npm run secret -- ${stack.flags}"`;
  const versions = await readVersions(stack).catch((error: unknown) => {
    if (error instanceof DeletedSecretError) return fault(error.what, error.todo);
    throw error;
  });
  if (versions === undefined) return;
  const { current, previous, previousFailure, previousUntil: until } = versions;
  if (current === undefined) {
    return fault(
      `${outputs.SecretName} is not there, or has no value`,
      `make it again if it was deleted (if it is the stack's, ${revertDrift(stack)}), then store the key with ${command}`,
    );
  }
  if (!current.parsed.ok) return fault(current.parsed.problem.replace(/\.$/, ''), `use ${command}`);

  const keys = keysOf(current);
  const sentences = [`Secret: ${inWords(keys)}, stored ${current.createdAt.toISOString()}`];
  const older = keysOf(previous).filter(({ secret }) => !keys.some((key) => key.secret === secret));
  if (until !== undefined && older.length > 0) {
    sentences.push(`until ${until.toISOString()} also ${inWords(older)} of the previous version`);
  }
  if (previousFailure !== undefined)
    sentences.push(`the previous version could not be read: ${previousFailure}`);
  report(good(sentences.join('; ')));
  const [key] = keys;
  if (key !== undefined) examination.inUse = { key, createdAt: current.createdAt };
}
