import { DAY_MS, HOUR_MS } from '../../core/calendar';
import { ZERO } from '../../core/money';
import type { MonthFrame, Scenario } from './scenario';
import { quietDemand } from './shipped-quiet';

const STARTS = { day: 3, utcHour: 3 };
const DAYS = 3;
export const RUNAWAY_PERCENT_PER_HOUR = 20;

/** From the program's first call until somebody notices, whoever stops it in between. */
export function runawayWindow({ startMs }: Pick<MonthFrame, 'startMs'>): {
  readonly fromMs: number;
  readonly toMs: number;
} {
  const fromMs = startMs + (STARTS.day - 1) * DAY_MS + STARTS.utcHour * HOUR_MS;
  return { fromMs, toMs: fromMs + DAYS * DAY_MS };
}

/** A week of the month is enough: the program is noticed within it. */
export const shippedRunaway: Scenario = {
  name: 'shipped-runaway',
  title: 'A runaway, guarded as shipped',
  story: [
    `At 03:00 UTC on the 3rd a program starts to call a large model in a loop, for ${RUNAWAY_PERCENT_PER_HOUR}% of the limit an hour, until somebody notices after three days.`,
    'The meter stops it by the brake of the hour or the limit of the day; each midnight the day begins anew, and so does the program.',
  ],
  demand: (_environment, month) => [
    quietDemand(month),
    { kind: 'surge', ...runawayWindow(month), percentOfLimitPerHour: RUNAWAY_PERCENT_PER_HOUR, tier: 'large' },
  ],
  approval: { afterHours: 6 },
  metered: true,
  days: 7,
  unmet: ({ refused, environment }) => {
    if (refused > ZERO) return [];
    const dryRun = environment.meter.enforce ? '' : ': the meter only watches, as meter.enforce is false';
    return [`nothing stopped the runaway${dryRun}`];
  },
};
