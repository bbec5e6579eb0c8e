import { readFileSync } from 'node:fs';

/** The fragment of each heading of a Markdown file, as GitHub makes it. */
export function fragmentsOf(file: URL): readonly string[] {
  const headings = readFileSync(file, 'utf8').match(/^#+ .*$/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
