import { DAY_MS, HOUR_MS } from '../../core/calendar';
import { runawayMetered } from './runaway-metered';
import type { Scenario } from './scenario';

/** CloudWatch fails in the very hour in which it is needed. */
export const cloudWatchDown: Scenario = {
  ...runawayMetered,
  name: 'cloudwatch-down',
  title: 'The same runaway while CloudWatch is down',
  story: [
    'As before, but from 02:30 to 05:00 on the 11th CloudWatch answers with errors, then in part.',
    'The meter knows that it cannot see: it keeps the state, says so after a quarter of an hour, and stops once it sees again.',
  ],
  days: 12,
  cloudWatch: ({ startMs }, atMs) => {
    const hour = (atMs - startMs - 10 * DAY_MS) / HOUR_MS;
    if (hour >= 2.5 && hour < 4) return 'down';
    return hour >= 4 && hour < 5 ? 'partial' : 'well';
  },
};
