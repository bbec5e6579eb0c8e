import * as v from 'valibot';

const row = v.object({
  claim: v.string(),
  /** Where the documentation says so. */
  docs: v.string(),
  /** Whether it is AWS that was asked: only AWS itself proves it, and it may answer otherwise one day. */
  isOfAws: v.boolean(),
  result: v.picklist(['confirmed', 'refuted', 'open']),
  /** What was seen, or why nothing was. */
  seen: v.string(),
});

/** What became of a claim. */
export type Row = v.InferOutput<typeof row>;

const standing = v.object({ row, isTried: v.boolean() });
/** How a claim stands, tried or not yet. */
export type Standing = v.InferOutput<typeof standing>;

/** What the tests tell their parent: how a claim stands, and at last that the run came to its end. */
export const message = v.union([standing, v.object({ isOver: v.literal(true) })]);
export type Message = v.InferOutput<typeof message>;

/** Where and when it was run. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly isEmulated: boolean;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

const TITLES = { refuted: 'Not confirmed', open: 'Not found out', confirmed: 'Confirmed' };

/** Whether everything that must hold was seen to hold; what only AWS knows may stay open. */
export function isProven(rows: readonly Row[]): boolean {
  return rows.every(({ result, isOfAws }) => result === 'confirmed' || (result === 'open' && isOfAws));
}

/** The report as a page of Markdown; what is not as it should be comes first. */
export function pageOf(rows: readonly Row[], place: Place): string {
  const having = (result: Row['result']) => rows.filter((row) => row.result === result);
  const section = (result: Row['result']) => {
    const lines = having(result).map(
      ({ claim, seen, docs }) => `| ${[claim, seen, docs].map(cell).join(' | ')} |`,
    );
    const table = ['| claim | seen | said in |', '| --- | --- | --- |', ...lines].join('\n');
    return lines.length === 0 ? [] : [`## ${TITLES[result]}`, table];
  };
  const minutes = Math.ceil((place.endedAt.getTime() - place.startedAt.getTime()) / 60_000);
  const where = place.isEmulated ? `an emulated account (${place.account})` : `account ${place.account}`;
  return [
    '# What a deployment to AWS shows',
    `Run in ${where}, Region ${place.region}, from ${place.startedAt.toISOString()}, in ${minutes} min: ` +
      `${having('confirmed').length} confirmed, ${having('refuted').length} not confirmed, ${having('open').length} not found out.`,
    ...section('refuted'),
    ...section('open'),
    ...section('confirmed'),
    '',
  ].join('\n\n');
}

/** What a service answered may hold anything. */
function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}
