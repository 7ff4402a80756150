import type { CacheUse } from '../../../core/meter/cache-types';
import type { Series, UsageResolution } from '../../../core/meter/types';
import { cacheUse } from '../../../core/meter/cache-burn';
import { hourlyTokens } from '../../../core/meter/series';
import { utcMonth } from '../../../core/calendar';
import { picoUsdPerToken, type ModelPrice } from '../../../core/prices';
import { at, MODEL, series, USAGE } from '../../helpers/meter-world';

export const NOW = at('2026-11-10T12:30');
/** A million tokens. */
export const M = 1_000_000;

/** $1 plain, $0.10 read, $1.25 written for 5 minutes, $2 for an hour: break-evens of 0.2778 and 1.1111. */
export const CLAUDE: ModelPrice = {
  input: picoUsdPerToken(1),
  output: picoUsdPerToken(5),
  cacheRead: picoUsdPerToken('0.1'),
  cacheWrite: picoUsdPerToken(2),
  cacheWrite5m: picoUsdPerToken('1.25'),
};

export interface Tokens {
  readonly input?: number;
  readonly output?: number;
  readonly read?: number;
  readonly write?: number;
}

const METRICS = {
  input: 'InputTokenCount',
  output: 'OutputTokenCount',
  read: 'CacheReadInputTokenCount',
  write: 'CacheWriteInputTokenCount',
} as const;

/** A model's series from its tokens by hour. */
export function hours(
  byHour: Readonly<Record<string, Tokens>>,
  dimensions: Readonly<Record<string, string>> = { ModelId: 'abc123' },
): readonly Series[] {
  return (['input', 'output', 'read', 'write'] as const).map((component) =>
    series(
      { metric: METRICS[component], dimensions },
      Object.entries(byHour).flatMap(([hour, tokens]) => {
        const value = tokens[component];
        return value === undefined ? [] : [[hour, value] as const];
      }),
    ),
  );
}

/** The same tokens in each hour of [from, to). */
export function every(from: string, to: string, tokens: Tokens): Readonly<Record<string, Tokens>> {
  const all: Record<string, Tokens> = {};
  for (let at = Date.parse(`${from}:00Z`); at < Date.parse(`${to}:00Z`); at += 3_600_000) {
    all[new Date(at).toISOString().slice(0, 16)] = tokens;
  }
  return all;
}

export function priced(price: ModelPrice = CLAUDE): UsageResolution {
  return { ...USAGE, classes: { ...USAGE.classes, abc123: { kind: 'ours', model: { ...MODEL, price } } } };
}

export function use(now: number, all: readonly Series[], resolution: UsageResolution = priced()) {
  return cacheUse(hourlyTokens(all, utcMonth(now), now).usage, resolution, now);
}

export const only = (found: CacheUse | undefined) => found!.burns[0]!;
