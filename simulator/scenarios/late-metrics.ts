import { runawayMetered } from './runaway-metered';
import type { Scenario } from './scenario';

/** The slowest metrics that anybody has reported, and the same program. */
export const lateMetrics: Scenario = {
  ...runawayMetered,
  name: 'late-metrics',
  title: 'The same runaway, with metrics five minutes late',
  story: [
    'As before, but CloudWatch shows tokens five minutes after they were used.',
    'The meter stops a few minutes later, and dearer by what was spent in them.',
  ],
  days: 12,
  metricDelayMinutes: 5,
};
