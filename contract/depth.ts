/** The default limit of .NET. Subscribers in other languages should be able to parse every event. */
const MAX_DEPTH = 64;

/**
 * Whether JSON is nested deeper than 64 levels. Scans the text instead of the parsed value: the scan needs no recursion,
 * and it also counts a value that a later property of the same name overwrites.
 */
export function isTooDeep(json: string): boolean {
  // Most texts have too few brackets, and to count these is faster than the whole scan.
  if (json.split('{').length + json.split('[').length <= MAX_DEPTH) return false;
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
