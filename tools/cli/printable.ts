/** Text from elsewhere on one line, with nothing that steers a terminal: control and format characters become escapes. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    character === '\n' ? '\\n' : `\\u{${Number(character.codePointAt(0)).toString(16)}}`,
  );
}

/** The same with the lines of the text. */
export function printableLines(text: string): string {
  return text.split(/\r?\n/).map(printable).join('\n');
}
