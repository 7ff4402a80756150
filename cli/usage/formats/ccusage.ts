import { countOf } from '../counts';
import {
  isRecord,
  listOf,
  recordOf,
  textOf,
  type Fields,
  type Outcome,
  type ReadRow,
  type Said,
  type UsageFormat,
} from './format';

const LISTS = ['daily', 'weekly', 'monthly', 'session', 'sessions', 'blocks', 'data'];
const WEEK_DAYS = 7;

/**
 * What ccusage prints with `--json`: sums by day, week, month, session or block, and by model where it breaks them down.
 * ryoppippi/ccusage docs/guide/json-output.md (018e570), and its tests' snapshots (read 2026-11-28).
 */
export const ccusage: UsageFormat = {
  name: 'ccusage reports',
  lacks: ['single calls', 'how long cache writes live: they count at the dearer price', 'the scope and tier of a call'],
  fits: (keys) =>
    (keys.has('totals') || keys.has('summary')) && (keys.has('projects') || LISTS.some((name) => keys.has(name))),
  lists: [...LISTS.map((name) => [name, '[]']), ['projects', '{}', '[]']],
  open: (said) => ({ read: (record) => reportRows(record, said) }),
};

function reportRows(report: Fields, said: Said): Outcome {
  const lists = LISTS.flatMap((name) => listOf(report[name]));
  const projects = Object.values(recordOf(report['projects'])).flatMap(listOf);
  const outcomes = [...lists, ...projects].map(recordOf).map((entry) => entryRows(entry, said));
  const problems = outcomes.flatMap((one) => ('problems' in one ? one.problems : []));
  if (problems.length > 0) return { problems };
  return { rows: outcomes.flatMap((one) => ('rows' in one ? one.rows : [])) };
}

function entryRows(entry: Fields, said: Said): { rows: readonly ReadRow[] } | { problems: readonly string[] } {
  const time = spanOf(entry, said);
  if (typeof time === 'string') return { problems: [time] };
  const parts = byModel(entry);
  if (typeof parts === 'string') return { problems: [`${JSON.stringify(nameOf(entry))}: ${parts}`] };
  const problems: string[] = [];
  const rows = parts.map(([model, counts]): ReadRow => {
    const count = (name: string): number => {
      const found = countOf(counts[name], name);
      if (typeof found === 'string') problems.push(found);
      return typeof found === 'number' ? found : 0;
    };
    return {
      ...time,
      model,
      tokens: {
        input: count('inputTokens'),
        output: count('outputTokens'),
        cacheRead: count('cacheReadTokens'),
        cacheWrite: count('cacheCreationTokens'),
      },
    };
  });
  return problems.length > 0 ? { problems } : { rows };
}

function byModel(entry: Fields): readonly (readonly [string, Fields])[] | string {
  const breakdowns = listOf(entry['modelBreakdowns']).map(recordOf);
  if (breakdowns.length > 0) return breakdowns.map((one) => [String(one['modelName']), one]);
  if (isRecord(entry['breakdown']))
    return Object.entries(entry['breakdown']).map(([model, one]) => [model, recordOf(one)]);
  const models = [...listOf(entry['modelsUsed']), ...listOf(entry['models'])].map(String);
  const [model, ...others] = models;
  if (model !== undefined && others.length === 0) return [[model, entry]];
  return 'the tokens are not told apart by model; ask with ccusage --json --breakdown';
}

function nameOf(entry: Fields): unknown {
  return entry['date'] ?? entry['period'] ?? entry['week'] ?? entry['month'] ?? entry['session'] ?? entry['blockStart'];
}

/** A day, a week from its first day, a month; a block and a session by their ends. */
function spanOf(entry: Fields, { times }: Said): { readonly at: number; readonly spanMs: number } | string {
  const from = textOf(entry['blockStart']) ?? textOf(entry['firstActivity']);
  const to = textOf(entry['blockEnd']) ?? textOf(entry['lastActivity']);
  if (from !== undefined && to !== undefined) {
    const [start, end] = [times.read(from), times.read(to)];
    if (typeof start === 'string') return start;
    if (typeof end === 'string') return end;
    return { at: start.at, spanMs: Math.max(0, end.at - start.at) };
  }
  const week = textOf(entry['week']);
  const time = times.read(textOf(entry['date']) ?? textOf(entry['period']) ?? week ?? textOf(entry['month']));
  if (typeof time === 'string' || week === undefined) return time;
  return { at: time.at, spanMs: time.spanMs * WEEK_DAYS };
}
