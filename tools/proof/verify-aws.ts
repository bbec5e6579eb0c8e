import { writeFile } from 'node:fs/promises';
import * as v from 'valibot';
import { createCommand, flag, main, readOptions } from '../cli/command-line.ts';
import { sentenceOf } from '../cli/failure.ts';
import { INTERRUPTED, listen } from '../cli/interrupt.ts';
import { confirm } from '../ops/secret/prompt.ts';
import { findAccount } from './verify/account.ts';
import { tryClaims } from './verify/claims.ts';
import { isProven, pageOf, type Row } from './verify/page.ts';
import { endpoint, isEmulated, STACK } from './verify/place.ts';
import { BY_HAND, removeStage } from './verify/removal.ts';

const MARKS = { confirmed: '✓', refuted: '✗', open: '–' };

const command = createCommand('npm run verify:aws')
  .description('Deploys a stage of its own to AWS, tries what the documentation says, and removes the stage.')
  .option('--yes', 'do not ask before it starts')
  .option('--report <file>', 'where the report is written', 'verify-aws.md')
  .addHelpText(
    'after',
    `
The report is a page of Markdown: what was confirmed, what was not, what could not be found out, and where the
documentation says so. It is printed, too. Exits with 0 when all that must hold was confirmed, else with 1; with 130 after
Ctrl-C, which removes the stage first. A second Ctrl-C ends it at once and says what is left.

AWS_PROFILE and AWS_REGION choose the account and the Region, which must be bootstrapped. The credentials must be allowed to
do what "cdk deploy" does, and to use what it makes. Nothing else in the account is touched; a stage that exists is refused.`,
  );
const { yes, report } = readOptions(command, v.object({ yes: flag, report: v.string() }));

await main(run);

async function run(): Promise<number> {
  const { id, region } = await findAccount();
  console.error(
    `This deploys the stack ${STACK} to account ${id}, Region ${region}${isEmulated ? `, at ${endpoint}` : ''}.
It makes queues, a secret, a KMS key, a function, an API, logs, alarms, a topic, a dashboard, and an event bus with a pipe;
sends some hundred requests; and deletes all of it at the end. That takes about 20 minutes and costs less than 0.20 USD.
What stays: the key, which AWS deletes after 7 days and charges nothing for, a copy of the function's code in the bucket of
"cdk bootstrap", and metrics and traces until they expire.`,
  );
  if (!yes) {
    const hasAgreed = await confirm('Go on?').catch(() => false);
    if (hasAgreed === undefined) throw new Error('expected --yes, to agree to the above, got none; give it');
    if (!hasAgreed) throw new Error('expected "y", got another answer; nothing was made');
  }

  const interrupt = new AbortController();
  const unlisten = listen({
    first: () => {
      console.error('Interrupted: removing the stage, which takes minutes. Ctrl-C again leaves it.');
      interrupt.abort();
    },
    second: () => {
      console.error(`Left as it is. Remove it with ${BY_HAND}.`);
      process.exit(INTERRUPTED);
    },
  });
  const startedAt = new Date();
  const rows = new Map<string, Row>();
  const print = ({ result, claim, seen }: Row) => console.error(`${MARKS[result]} ${claim}\n    ${seen}`);
  const isOver = await tryClaims(interrupt.signal, ({ row, isTried }) => {
    rows.set(row.claim, row);
    if (isTried) print(row);
  }).catch((error) => console.error(sentenceOf(error)));
  const removal = await removeStage();
  print(removal);
  unlisten();
  if (removal.result !== 'confirmed') console.error(`Something may be left. Remove it with ${BY_HAND}.`);
  const all = [...rows.values(), removal];
  const page = pageOf(all, { account: id, region, isEmulated, startedAt, endedAt: new Date() });
  console.log(page);
  await writeFile(report, page);
  if (interrupt.signal.aborted) return INTERRUPTED;
  return rows.size > 0 && isOver && isProven(all) ? 0 : 1;
}
