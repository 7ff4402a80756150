import { DAY_MS, HOUR_MS } from '../../core/calendar';
import type { MonthFrame, Scenario } from './scenario';

const TURNS = { day: 3, utcHour: 2 };
/** Who works in the morning must have been told by then. */
const MORNING_UTC_HOUR = 7;
/** As many tokens either way: first a long start of the prompt is read from the cache twelve times for once that it is written. */
const CACHED = { input: 1, output: 1, cacheRead: 12, cacheWrite: 1 };
const MISSED = { input: 1, output: 1, cacheRead: 0, cacheWrite: 13 };

/** When the start of the prompt begins to differ from call to call. */
export function cacheTurn({ startMs }: Pick<MonthFrame, 'startMs'>): number {
  return startMs + (TURNS.day - 1) * DAY_MS + TURNS.utcHour * HOUR_MS;
}

export const cacheMiss: Scenario = {
  name: 'cache-miss',
  title: 'A prompt cache that is written anew by each call',
  config: 'simulator/scenarios/cache-miss-config.ts',
  story: [
    'A service calls a large model day and night, and reads the long start of its prompt from the cache. At 02:00 UTC on the 3rd a new version puts the time of day into it: each call writes the cache, and none reads it.',
    'The calls are as many as before, and cost several times as much. The meter names it in the night.',
  ],
  demand: (_environment, { startMs, endMs }) => [
    { kind: 'surge', fromMs: startMs, toMs: endMs, percentOfLimitPerHour: 0.2, tier: 'large' },
  ],
  prompts: (month) => ({ mix: CACHED, turn: { atMs: cacheTurn(month), mix: MISSED } }),
  approval: { afterHours: 6 },
  metered: true,
  days: 4,
  unmet: ({ mails, byDay }) => {
    const [first] = byDay;
    if (first === undefined) return [];
    const turnMs = cacheTurn({ startMs: Date.parse(`${first[0]}T00:00:00Z`) });
    const told = mails.find(({ atMs, subject }) => atMs >= turnMs && subject.includes('prompts are cached'));
    const morningMs = turnMs + (MORNING_UTC_HOUR - TURNS.utcHour) * HOUR_MS;
    if (told !== undefined && told.atMs < morningMs) return [];
    return ['nobody was told by the morning that the prompt cache is written and not read'];
  },
};
