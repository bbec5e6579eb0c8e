/** The candidate that `word` looks like a misspelling of, if there is one. Case does not count. */
export function closest(word: string, candidates: readonly string[]): string | undefined {
  return candidates.find((candidate) => {
    const tolerance = candidate.length < 8 ? 1 : 2;
    return distance(word.toLowerCase(), candidate.toLowerCase()) <= tolerance;
  });
}

/** Levenshtein: how many characters must be put in, left out or replaced. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [line, character] of [...from].entries()) {
    let diagonal = line;
    let left = line + 1;
    row = row.map((above, column) => {
      if (column === 0) return left;
      left = Math.min(above + 1, left + 1, diagonal + (to[column - 1] === character ? 0 : 1));
      diagonal = above;
      return left;
    });
  }
  return row.at(-1) ?? 0;
}
