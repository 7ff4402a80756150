import type { Scenario } from './scenario';

export const QUIET_PERCENT = 42;

export const quietMonth: Scenario = {
  name: 'quiet-month',
  title: 'A quiet month',
  story: [
    'Teams work as planned and use less than half of each limit. The guard should say so daily, and nothing else.',
  ],
  demand: () => [{ kind: 'office', percentOfLimit: QUIET_PERCENT }],
  approval: { afterHours: 4 },
};
