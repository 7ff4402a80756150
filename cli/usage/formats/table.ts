import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import type { AnswerUsage } from '../../../core/in-path';
import { countOf } from '../counts';
import { shown } from '../problems';
import { isZone } from '../times';
import {
  textOf,
  type Columns,
  type Fields,
  type Outcome,
  type RecordReader,
  type Said,
  type UsageFormat,
} from './format';

/** The columns of a table of one's own, and the other names under which exports have them; case and punctuation do not count. */
const ALIASES: Readonly<Record<string, readonly string[]>> = {
  time: [
    'time',
    'timestamp',
    'date',
    'datetime',
    'day',
    'hour',
    'month',
    'start',
    'starttime',
    'startdate',
    'usagedate',
  ],
  end: ['end', 'endtime', 'enddate', 'periodend'],
  period: ['period', 'span', 'periodseconds', 'spanseconds', 'granularity'],
  zone: ['zone', 'timezone', 'tz'],
  model: ['model', 'modelid', 'modelname', 'modelarn'],
  serviceTier: ['servicetier', 'tier'],
  inputTokens: ['inputtokens', 'inputtokencount', 'prompttokens', 'tokensin', 'input'],
  outputTokens: ['outputtokens', 'outputtokencount', 'completiontokens', 'tokensout', 'output'],
  cacheReadTokens: ['cachereadtokens', 'cachereadinputtokens', 'cachereadinputtokencount', 'cacheread'],
  cacheWriteTokens: [
    'cachewritetokens',
    'cachewriteinputtokens',
    'cachewriteinputtokencount',
    'cachecreationtokens',
    'cachecreationinputtokens',
    'cachewrite',
  ],
  cacheWrite5mTokens: ['cachewrite5mtokens', 'cachewrite5minputtokens', 'ephemeral5minputtokens'],
  cacheWrite1hTokens: ['cachewrite1htokens', 'cachewrite1hinputtokens', 'ephemeral1hinputtokens'],
  calls: ['calls', 'requests', 'invocations', 'apirequests'],
};
const FIELD_OF = new Map(
  Object.entries(ALIASES).flatMap(([field, names]) => names.map((name) => [name, field] as const)),
);
const REQUIRED = ['time', 'model', 'inputTokens', 'outputTokens'];
const ALLOWED = Object.keys(ALIASES).join(', ');
/** Columns that hold money of some kind: nothing is converted, and nothing guessed. */
const MONEY = /currency|cost|price|amount|spend|usd|eur|brl/i;
const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: MINUTE_MS, h: HOUR_MS, d: DAY_MS };
const WORDS: Readonly<Record<string, number>> = {
  minute: MINUTE_MS,
  hourly: HOUR_MS,
  hour: HOUR_MS,
  daily: DAY_MS,
  day: DAY_MS,
};

/** A table of rows of one's own, as CSV or as JSON objects. */
export const table: UsageFormat = {
  name: 'rows of a table',
  lacks: [],
  fits: (keys) =>
    [...keys].some((name) => ['time', 'model', 'inputTokens', 'outputTokens'].includes(fieldOf(name) ?? '')),
  columns,
  mapsKeys: true,
  open: (said) => new TableReader(said),
};

function columns(names: readonly string[]): Columns {
  const fields = names.map(fieldOf);
  const missing = REQUIRED.filter((field) => !fields.includes(field));
  const onlyMoney =
    missing.includes('inputTokens') && missing.includes('outputTokens') && names.some((name) => MONEY.test(name));
  const zones = names.flatMap((name) => zoneIn(name) ?? []);
  return {
    fields,
    ...(zones[0] !== undefined && !fields.includes('zone') ? { constants: { zone: zones[0] } } : {}),
    problems: [
      ...missing.map((field) => `column '${field}' is missing; allowed: ${ALLOWED}`),
      ...(onlyMoney ? ['the table holds cost only: a usage is in tokens, and the catalogue knows their price'] : []),
      ...Object.keys(ALIASES).flatMap((field) => {
        const same = names.filter((_, at) => fields[at] === field);
        return same.length > 1 ? [`columns ${same.map(shown).join(' and ')} both mean ${field}: leave one out`] : [];
      }),
    ],
  };
}

class TableReader implements RecordReader {
  private problems: string[] = [];

  constructor(private readonly said: Said) {}

  read(record: Fields): Outcome {
    const { times, periodMs = 0, model: saidModel } = this.said;
    const zone = textOf(record['zone']);
    if (zone !== undefined && !isZone(zone)) this.problems.push(`unknown time zone ${shown(zone)}`);
    const time = zone === undefined ? times.read(record['time']) : times.read(record['time'], zone);
    if (typeof time === 'string') this.problems.push(time);
    const model = textOf(record['model']) ?? saidModel;
    if (model === undefined) this.problems.push(`model must be named, got ${shown(record['model'])}`);
    const tokens = this.tokens(record);
    if (record['calls'] !== undefined) this.count(record, 'calls');
    const span = typeof time === 'string' ? undefined : spanOf(record, time, times, zone);
    if (typeof span === 'string') this.problems.push(span);
    if (this.problems.length > 0) return { problems: this.problems.splice(0) };
    if (typeof time === 'string' || model === undefined || typeof span === 'string') return { problems: [] };
    const spanMs = span?.spanMs ?? (time.spanMs || periodMs);
    const tier = textOf(record['serviceTier']);
    const called = tier === undefined ? model : `${model}+${tier.toLowerCase()}`;
    return { rows: [{ at: time.at, spanMs, model: called, tokens }] };
  }

  private tokens(record: Fields): AnswerUsage {
    const short = this.count(record, 'cacheWrite5mTokens');
    const hour = this.count(record, 'cacheWrite1hTokens');
    const tokens = {
      input: this.count(record, 'inputTokens', true),
      output: this.count(record, 'outputTokens', true),
      cacheRead: this.count(record, 'cacheReadTokens'),
      cacheWrite: Math.max(this.count(record, 'cacheWriteTokens'), short + hour),
    };
    return short + hour === 0 ? tokens : { ...tokens, cacheWrite5m: short, cacheWrite1h: hour };
  }

  private count(record: Fields, name: string, needed = false): number {
    const found = countOf(record[name], name);
    if (typeof found === 'number') return found;
    if (found !== undefined) this.problems.push(found);
    else if (needed)
      this.problems.push(`${name} must be a whole number of tokens, 0 or more, got ${shown(record[name])}`);
    return 0;
  }
}

/** What the row itself says that it stands for; undefined: nothing. */
function spanOf(
  record: Fields,
  time: { readonly at: number },
  times: Said['times'],
  zone: string | undefined,
): { readonly spanMs: number } | string | undefined {
  const period = record['period'];
  if (period !== undefined && period !== '') {
    const spanMs = durationOf(period);
    return spanMs === undefined ? `period must be seconds, or such as 5m, 1h or 1d, got ${shown(period)}` : { spanMs };
  }
  if (record['end'] === undefined || record['end'] === '') return undefined;
  const end = zone === undefined ? times.read(record['end']) : times.read(record['end'], zone);
  if (typeof end === 'string') return `end: ${end}`;
  return end.at < time.at ? `end is before the time, got ${shown(record['end'])}` : { spanMs: end.at - time.at };
}

/** Seconds, or a number with its unit; 0 is a call. */
export function durationOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value >= 0 ? value * 1_000 : undefined;
  if (typeof value !== 'string') return undefined;
  const text = value.trim().toLowerCase();
  if (text === 'call') return 0;
  const [, count, unit = 's'] = /^(\d{1,8})([smhd])?$/.exec(text) ?? [];
  return count === undefined ? WORDS[text] : Number(count) * (UNITS[unit] ?? 0);
}

function fieldOf(name: string): string | undefined {
  const plain = zoneIn(name) === undefined ? name : name.replace(/\([^)]*\)/, '');
  return FIELD_OF.get(plain.toLowerCase().replaceAll(/[^a-z0-9]/g, ''));
}

/** `Time (Europe/Berlin)` names the zone of its column. */
export function zoneIn(name: string): string | undefined {
  const [, zone] = /\(([^)]+)\)\s*$/.exec(name) ?? [];
  return zone !== undefined && isZone(zone) ? zone : undefined;
}
