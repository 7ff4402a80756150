import { existsSync, readFileSync, statSync } from 'node:fs';
import { CsvError, parse } from 'csv-parse/sync';
import { splitId } from '../../config/price-library';
import type { UsageRow } from '../../core/replay/usage';
import { UsageError } from '../errors';
import { metricDataAnswer, metricDataRows } from './metric-data';
import { refuse, type UsageProblem } from './problems';
import { columnProblems, rowOf } from './row';

/** A year of 20 models by the hour is about 15 MB. */
const MOST_BYTES = 200_000_000;

/**
 * A usage file: CSV or JSON rows, or a saved GetMetricData answer; told apart by what is in it, not by its name.
 * @param models base ids that have a price
 * @throws UsageError that names each bad row; nothing is guessed and nothing left out
 */
export function readUsage(file: string, models: readonly string[]): readonly UsageRow[] {
  if (!existsSync(file) || !statSync(file).isFile()) throw new UsageError(`--usage ${file}: no such file`);
  if (statSync(file).size > MOST_BYTES) {
    throw new UsageError(`--usage ${file}: larger than ${MOST_BYTES / 1e6} MB; sum it up by hour first`);
  }
  return parseUsage(readFileSync(file, 'utf8'), file, models);
}

/** @throws UsageError */
export function parseUsage(text: string, file: string, models: readonly string[]): readonly UsageRow[] {
  const known = models.join(', ');
  const modelOf = (name: string) => {
    const { baseId } = splitId(name);
    return models.find((model) => model === name) ?? models.find((model) => splitId(model).baseId === baseId);
  };
  const content = text.replace(/^\uFEFF/, '');
  const rows = /^\s*[[{]/.test(content)
    ? jsonRows(content, file, modelOf, known)
    : csvRows(content, file, modelOf, known);
  if (rows.length === 0) throw new UsageError(`--usage ${file}: no row; the first line of a CSV names its columns`);
  return rows;
}

type ModelOf = (name: string) => string | undefined;

/** Row by row: a year's table as text would take more memory than all that comes of it. */
function csvRows(text: string, file: string, modelOf: ModelOf, known: string): readonly UsageRow[] {
  let names: readonly string[] | undefined;
  const rows: UsageRow[] = [];
  const problems: UsageProblem[] = [];
  const onRecord = (record: readonly string[], { lines }: { readonly lines: number }): null => {
    if (names === undefined) {
      names = record;
      const wrong = columnProblems(names, 'line 1');
      if (wrong.length > 0) refuse(file, wrong);
      return null;
    }
    const raw = Object.fromEntries(names.map((name, column) => [name, record[column]]));
    const outcome = rowOf(raw, `line ${lines}`, modelOf, known);
    if ('row' in outcome) rows.push(outcome.row);
    else problems.push(...outcome.problems);
    return null;
  };
  try {
    parse(text, { skip_empty_lines: true, trim: true, onRecord });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new UsageError(`--usage ${file}: no CSV: ${error.message}`);
  }
  if (problems.length > 0) refuse(file, problems);
  return rows;
}

function jsonRows(text: string, file: string, modelOf: ModelOf, known: string): readonly UsageRow[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new UsageError(`--usage ${file}: no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!Array.isArray(parsed)) {
    const answer = metricDataAnswer.safeParse(parsed);
    if (!answer.success) {
      throw new UsageError(
        `--usage ${file}: neither an array of rows nor an answer of GetMetricData (MetricDataResults)`,
      );
    }
    const { rows, problems } = metricDataRows(answer.data, modelOf, known);
    if (problems.length > 0) refuse(file, problems);
    return rows;
  }
  return checked(
    file,
    parsed.map((raw: unknown, at) => {
      const place = `[${at}]`;
      if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
        return { problems: [{ place, text: 'must be an object with the columns as keys' }] };
      }
      const wrong = columnProblems(Object.keys(raw), place);
      return wrong.length > 0 ? { problems: wrong } : rowOf(raw as Record<string, unknown>, place, modelOf, known);
    }),
  );
}

function checked(
  file: string,
  outcomes: readonly ({ readonly row: UsageRow } | { readonly problems: readonly UsageProblem[] })[],
): readonly UsageRow[] {
  const problems = outcomes.flatMap((one) => ('problems' in one ? one.problems : []));
  if (problems.length > 0) refuse(file, problems);
  return outcomes.flatMap((one) => ('row' in one ? [one.row] : []));
}
