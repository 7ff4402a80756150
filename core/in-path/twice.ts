/**
 * The first field that an object of a JSON text has twice, at whatever depth: one reader takes the first value, another the last,
 * so that what was priced may be another request than what is answered. Undefined: none. What is no JSON is for others to say.
 */
export function fieldTwice(text: string): string | undefined {
  /** Of the objects that are open, their fields; undefined for arrays. */
  const open: (Set<string> | undefined)[] = [];
  let at = 0;
  let isKey = false;
  while (at < text.length) {
    const char = text[at];
    if (char === '"') {
      const end = endOfString(text, at + 1);
      const fields = open.at(-1);
      if (isKey && fields) {
        const field = named(text.slice(at, end + 1));
        if (fields.has(field)) return field;
        fields.add(field);
        isKey = false;
      }
      at = end;
    } else if (char === '{') {
      open.push(new Set());
      isKey = true;
    } else if (char === '[') {
      open.push(undefined);
      isKey = false;
    } else if (char === '}' || char === ']') {
      open.pop();
      isKey = false;
    } else if (char === ',') {
      isKey = open.at(-1) !== undefined;
    }
    at += 1;
  }
  return undefined;
}

/** Of its closing quote; the text's end where it has none. */
function endOfString(text: string, from: number): number {
  for (let end = text.indexOf('"', from); end >= 0; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') backslashes += 1;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

/** A letter may be written as its number. */
function named(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted.slice(1, -1);
  }
}
