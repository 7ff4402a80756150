import { DAY_MS, HOUR_MS } from '../../core/calendar';
import { QUIET_PERCENT } from './quiet-month';
import type { Scenario } from './scenario';

const STARTS = { day: 11, utcHour: 3 };
const DAYS = 3;

export const runaway: Scenario = {
  name: 'runaway',
  title: 'A runaway at 3 a.m.',
  story: [
    'At 03:00 UTC on the 11th a program in every environment starts to call a large model in a loop, for 20% of the limit an hour. Unless something stops it, somebody notices after three days.',
    'The bill is hours late, so the stop is too. Where a person must approve it, it is night: six hours.',
  ],
  demand: (_environment, { startMs }) => {
    const fromMs = startMs + (STARTS.day - 1) * DAY_MS + STARTS.utcHour * HOUR_MS;
    const toMs = fromMs + DAYS * DAY_MS;
    return [
      { kind: 'office', percentOfLimit: QUIET_PERCENT },
      { kind: 'surge', fromMs, toMs, percentOfLimitPerHour: 20, tier: 'large' },
    ];
  },
  approval: { afterHours: 6 },
};
