/** More than anybody reads on a page. */
const SHOWN = 64 * 1024;

/** The text, or its beginning and how much is missing. */
export function clip(text: string, length = SHOWN): string {
  if (text.length <= length) return text;
  return `${text.slice(0, length)}… (${text.length - length} more characters)`;
}
