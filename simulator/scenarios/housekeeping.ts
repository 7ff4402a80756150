import { DAY_MS } from '../../core/calendar';
import { quietMonth } from './quiet-month';
import type { Scenario } from './scenario';

export const housekeeping: Scenario = {
  ...quietMonth,
  name: 'housekeeping',
  title: 'A month of housekeeping',
  config: 'simulator/scenarios/housekeeping-config.ts',
  story: [
    'A quiet month in which small things go wrong: a key grows old, a model reaches its end of life, the budget owner has',
    'not confirmed the subscription, and functions with provisioned concurrency stand idle at night. The guard should name',
    'each once, say when it is over, and lower and restore the functions.',
  ],
  housekeeping: ({ startMs }) => ({
    // Old on the 11th, rotated on the 15th.
    keys: { createdMs: startMs - 20 * DAY_MS, rotatedMs: startMs + 14 * DAY_MS },
    modelEndsMs: startMs + 19 * DAY_MS,
    confirmedMs: startMs + 4 * DAY_MS,
  }),
};
