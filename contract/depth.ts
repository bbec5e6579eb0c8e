/** What readers in other languages take without being told to; .NET's, for one, stops there. */
const MAX_DEPTH = 64;

/**
 * Whether JSON is nested deeper than 64 levels. Reads the text, so that no depth is too much for it, and that a value
 * counts although a property of the same name replaces it.
 */
export function isTooDeep(json: string): boolean {
  let depth = 0;
  let inString = false;
  for (let at = 0; at < json.length; at += 1) {
    const character = json[at];
    if (character === '\\') at += 1;
    else if (character === '"') inString = !inString;
    else if (inString) continue;
    else if (character === '{' || character === '[') depth += 1;
    else if (character === '}' || character === ']') depth -= 1;
    if (depth > MAX_DEPTH) return true;
  }
  return false;
}
