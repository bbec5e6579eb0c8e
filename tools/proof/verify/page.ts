import type { Result, Row } from './step.ts';

/** Where and when it was run. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly isEmulated: boolean;
  readonly startedAt: Date;
  readonly endedAt: Date;
}

const SECTIONS: readonly (readonly [Result, string])[] = [
  ['refuted', 'Not confirmed'],
  ['open', 'Not found out'],
  ['confirmed', 'Confirmed'],
];

/** The report as a page of Markdown; what is not as it should be comes first. */
export function pageOf(rows: readonly Row[], place: Place): string {
  const count = (result: Result) => rows.filter((row) => row.result === result).length;
  const minutes = Math.ceil((place.endedAt.getTime() - place.startedAt.getTime()) / 60_000);
  const where = place.isEmulated ? `an emulated account (${place.account})` : `account ${place.account}`;
  return [
    '# What a deployment to AWS shows',
    `Run in ${where}, Region ${place.region}, from ${place.startedAt.toISOString()}, in ${minutes} min: ` +
      `${count('confirmed')} confirmed, ${count('refuted')} not confirmed, ${count('open')} not found out.`,
    ...SECTIONS.flatMap(([result, title]) =>
      sectionOf(
        title,
        rows.filter((row) => row.result === result),
      ),
    ),
    '',
  ].join('\n\n');
}

function sectionOf(title: string, rows: readonly Row[]): readonly string[] {
  if (rows.length === 0) return [];
  const lines = rows.map(({ claim, seen, docs }) => `| ${cell(claim)} | ${cell(seen)} | ${cell(docs)} |`);
  return [`## ${title}`, ['| claim | seen | said in |', '| --- | --- | --- |', ...lines].join('\n')];
}

/** What a service answered may hold anything. */
function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replaceAll('|', '\\|').trim();
}
