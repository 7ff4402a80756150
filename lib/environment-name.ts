import { createHash } from 'node:crypto';

/** Of names of environments: config/resource-names.ts has why. */
const LONGEST = 24;
const HASH = 8;

/**
 * The name of a guard's environment where nobody gives one: the ids of its path in the app, so that two of one account differ.
 * What is left out of it to fit is told apart by a hash.
 */
export function environmentNameOf(path: readonly string[]): string {
  const ids = path.filter((id) => id !== 'Default');
  const text = ids
    .map(plain)
    .filter((id) => id !== '')
    .join('-');
  const isWhole = text.length <= LONGEST && /^[A-Za-z]/.test(text) && ids.every((id) => plain(id) === id);
  if (isWhole) return text;
  const hash = createHash('sha256').update(ids.join('/')).digest('hex').slice(0, HASH);
  const start = /^[A-Za-z]/.test(text) ? text : `guard-${text}`;
  return `${plain(start.slice(0, LONGEST - HASH - 1))}-${hash}`;
}

/** Letters, digits and single hyphens, none at either end. */
function plain(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]+/g, '-').replaceAll(/^-|-$/g, '');
}
