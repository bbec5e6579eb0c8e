/** A table in Markdown: columns as wide as they need to be, all but the first one at the right. */
export function table(heads: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const texts = rows.map((row) =>
    row.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : cell)),
  );
  const widths = heads.map((_, column) =>
    Math.max(3, ...[heads, ...texts].map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[], fill = ' ') =>
    `| ${cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0, fill) : cell.padStart(widths[at] ?? 0, fill))).join(' | ')} |`;
  const rule = heads.map((_, column) => (column === 0 ? '-' : '-:'));
  return [line(heads), line(rule, '-'), ...texts.map((row) => line(row))].join('\n');
}
