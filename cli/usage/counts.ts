import { shown } from './problems';

/**
 * A count of tokens or calls; a dash, and what databases write for nothing, is none.
 * @returns what is wrong with it as a text; undefined where there is none at all
 */
export function countOf(value: unknown, name: string): number | string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  if (typeof value === 'string' && /^(-|null|n\/a|\\N)$/i.test(value.trim())) return 0;
  const number = typeof value === 'string' ? Number(value.trim() || Number.NaN) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  const large = typeof number === 'number' && number > Number.MAX_SAFE_INTEGER;
  return `${name} must be a whole number of tokens, 0 or more${large ? ', up to 9,007,199,254,740,991' : ''}, got ${shown(value)}`;
}
