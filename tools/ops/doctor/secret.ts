import { inWords } from '../secret/form.ts';
import { DeletedSecretError, keysOf, readVersions } from '../secret/versions.ts';
import { revertDrift } from '../stack.ts';
import { bad, type Examination, good } from './finding.ts';

export async function checkSecret(examination: Examination): Promise<void> {
  const { stack, report } = examination;
  const { name, outputs } = stack;
  const fault = (what: string, todo: string) => report(bad(`Secret: ${what}`, todo));
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
      `make it again if it was deleted (if it is the stack's, ${revertDrift(name)}), then store the key with ${command}`,
    );
  }
  if (!current.parsed.ok) return fault(current.parsed.problem.replace(/\.$/, ''), `use ${command}`);

  const keys = keysOf(current);
  const said = [`Secret: ${inWords(keys)}, stored ${current.createdAt.toISOString()}`];
  const older = keysOf(previous).filter(({ secret }) => !keys.some((key) => key.secret === secret));
  if (until !== undefined && older.length > 0) {
    said.push(`until ${until.toISOString()} also ${inWords(older)} of the previous version`);
  }
  if (previousFailure !== undefined) said.push(`the previous version could not be read: ${previousFailure}`);
  report(good(said.join('; ')));
  const [key] = keys;
  if (key !== undefined) examination.inUse = { key, createdAt: current.createdAt };
}
