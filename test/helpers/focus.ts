import { FOCUS_1_2, type SpecColumn } from '../fixtures/focus-1-2';

/** The formats of FOCUS 1.2's attributes (numeric_format.md, datetime_format.md, currency_format.md, key_value_format.md). */
const FORMATS: Readonly<Record<SpecColumn['format'], (text: string) => boolean>> = {
  String: (text) => text.trim() !== '',
  Decimal: (text) => /^-?\d+(\.\d+)?(E-?\d+)?$/.test(text),
  DateTime: (text) => /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/.test(text) && !Number.isNaN(Date.parse(text)),
  Currency: (text) => /^[A-Z]{3}$/.test(text),
  KeyValue: (text) => {
    const value = JSON.parse(text) as unknown;
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject && Object.values(value).every((one) => one === null || typeof one !== 'object');
  },
};

/** What a value does that the specification does not allow. */
function problemOf({ id, nullable, format, allowed }: SpecColumn, text: string): string | undefined {
  if (text === '') return nullable ? undefined : `${id} must not be null`;
  if (!FORMATS[format](text)) return `${id} is no ${format}: ${text}`;
  return allowed && !allowed.includes(text) ? `${id} must be one of ${allowed.join(', ')}: ${text}` : undefined;
}

/** The same of all lines of a file, by the columns that it has. */
export function focusProblems(rows: readonly Readonly<Record<string, string>>[]): readonly string[] {
  const columns = FOCUS_1_2.filter(({ id }) => id in (rows[0] ?? {}));
  return rows.flatMap((row) => columns.flatMap((column) => problemOf(column, row[column.id] ?? '') ?? []));
}
