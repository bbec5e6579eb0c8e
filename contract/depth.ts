/** The default limit of .NET. Subscribers in other languages should be able to parse every event. */
const MAX_DEPTH = 64;

/**
 * Whether JSON is nested deeper than 64 levels. Scans the text instead of the parsed value: the scan needs no recursion,
 * and it also counts a value that a later property of the same name overwrites.
 */
export function isTooDeep(json: string): boolean {
  if (!hasMoreBrackets(json)) return false;
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

/** Whether it has more than 64 opening brackets. Most texts have fewer; to count them is faster than the whole scan. */
function hasMoreBrackets(json: string): boolean {
  let count = 0;
  for (const bracket of '{[') {
    for (let at = json.indexOf(bracket); at !== -1; at = json.indexOf(bracket, at + 1)) {
      count += 1;
      if (count > MAX_DEPTH) return true;
    }
  }
  return false;
}
