export interface Comment {
  /** The constant it is in; undefined in the default export. */
  readonly within: string | undefined;
  /** Keys below that, such as `report.at`. */
  readonly path: string;
  readonly text: string;
}

const KEY = /^( *)(?:export const |const )?'?([A-Za-z_]\w*)'?(?::| =) /;
const BEHIND = /[,{[(] \/\/ (.+)$/;

/**
 * The comments of a source file that stand before a key or behind it, with the key's place. By the indentation that prettier
 * gives, which is enough for files that only nest.
 */
export function comments(source: string): readonly Comment[] {
  const found: Comment[] = [];
  const open: { readonly indent: number; readonly key: string }[] = [];
  let before: string[] = [];
  for (const line of source.split('\n')) {
    const text = commentText(line);
    if (text !== undefined) {
      before.push(text);
      continue;
    }
    const [, spaces, key] = KEY.exec(line) ?? [];
    if (spaces !== undefined && key !== undefined) {
      while ((open.at(-1)?.indent ?? -1) >= spaces.length) open.pop();
      open.push({ indent: spaces.length, key });
      const behind = BEHIND.exec(line)?.[1];
      const said = before.length > 0 ? before.join(' ') : behind;
      const [outer, ...keys] = open.map((one) => one.key);
      if (said !== undefined && spaces.length > 0 && outer !== undefined) {
        const isConstant = open[0]?.indent === 0;
        found.push({
          within: isConstant ? outer : undefined,
          path: (isConstant ? keys : [outer, ...keys]).join('.'),
          text: said,
        });
      }
    }
    before = [];
  }
  return found;
}

function commentText(line: string): string | undefined {
  const match = /^\s*(?:\/\*\*\s*(.*?)\s*\*\/|\/\/\s*(.*?))\s*$/.exec(line);
  return match ? (match[1] ?? match[2]) : undefined;
}
