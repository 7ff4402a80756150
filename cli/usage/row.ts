import { HOUR_MS, MINUTE_MS, DAY_MS } from '../../core/calendar';
import type { UsageRow } from '../../core/replay/usage';
import type { UsageProblem } from './problems';

/** Columns of a CSV, or keys of an object. */
export const COLUMNS = ['time', 'model', 'inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const;
type Column = (typeof COLUMNS)[number];
const COUNTS = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const;
/** Beside these: whatever a person wants to keep in the file. */
const REQUIRED: readonly Column[] = ['time', 'model', 'inputTokens', 'outputTokens'];
/** Columns that say that the rows hold money of some kind: nothing is converted, and nothing guessed. */
const MONEY = /currency|cost|price|amount|usd|eur|brl/i;

export function columnProblems(names: readonly string[], place: string): readonly UsageProblem[] {
  const missing = REQUIRED.filter((column) => !names.includes(column));
  const unknown = names.filter((name) => !COLUMNS.includes(name as Column));
  const allowed = COLUMNS.join(', ');
  return [
    ...missing.map((column) => ({ place, text: `column '${column}' is missing; allowed: ${allowed}` })),
    ...unknown.map((name) => ({
      place,
      text: MONEY.test(name)
        ? `column '${name}' holds money: a usage is in tokens, and the catalogue knows their price; leave the column out`
        : `unknown column '${name}'; allowed: ${allowed}`,
    })),
    ...names
      .filter((name, at) => names.indexOf(name) < at)
      .map((name) => ({ place, text: `column '${name}' comes twice` })),
  ];
}

/**
 * One row, or what is wrong with it. The time is ISO with its zone, of the hour or day (`2026-11-23`) that the row sums up, or of
 * a single call.
 * @param modelOf the base id of what the row calls the model; undefined where no environment has it
 */
export function rowOf(
  raw: Readonly<Record<string, unknown>>,
  place: string,
  modelOf: (name: string) => string | undefined,
  known: string,
): { readonly row: UsageRow } | { readonly problems: readonly UsageProblem[] } {
  const problems: UsageProblem[] = [];
  const bad = (text: string) => problems.push({ place, text });
  const time = timeOf(raw['time']);
  if (time === undefined) {
    bad(`time must be ISO with its zone, such as 2026-11-23T14:00:00Z, or a UTC day, got ${shown(raw['time'])}`);
  }
  const modelId = typeof raw['model'] === 'string' ? modelOf(raw['model'].trim()) : undefined;
  if (modelId === undefined) bad(`unknown model ${shown(raw['model'])}; known: ${known}`);
  const counts = COUNTS.map((column) => {
    const value = raw[column];
    if ((value === undefined || value === '') && !REQUIRED.includes(column)) return 0;
    const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
    if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
    bad(`${column} must be a whole number of tokens, 0 or more, got ${shown(value)}`);
    return 0;
  });
  const [input = 0, output = 0, cacheRead = 0, cacheWrite = 0] = counts;
  if (problems.length > 0 || time === undefined || modelId === undefined) return { problems };
  return { row: { ...time, modelId, tokens: { input, output, cacheRead, cacheWrite } } };
}

/** A time on the full hour is an hour's sum, a day without a time a day's, any other time a call. */
function timeOf(value: unknown): Pick<UsageRow, 'at' | 'spanMs'> | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.trim();
  if (/^\d{4}-\d\d-\d\d$/.test(text)) {
    const at = Date.parse(`${text}T00:00:00Z`);
    return Number.isNaN(at) ? undefined : { at, spanMs: DAY_MS };
  }
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at)) return undefined;
  if (at % HOUR_MS === 0) return { at, spanMs: HOUR_MS };
  return { at, spanMs: at % MINUTE_MS === 0 ? MINUTE_MS : 0 };
}

export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = JSON.stringify(value) ?? typeof value;
  return text.length <= 60 ? text : `${text.slice(0, 60)}...`;
}
