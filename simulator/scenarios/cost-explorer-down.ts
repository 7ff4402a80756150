import { DAY_MS } from '../../core/calendar';
import { QUIET_PERCENT } from './quiet-month';
import type { Scenario } from './scenario';

export const costExplorerDown: Scenario = {
  name: 'cost-explorer-down',
  title: 'Cost Explorer is down for two days',
  story: [
    'A quiet month, but on the 14th and 15th Cost Explorer answers every question with an error.',
    'The daily report must say "unknown", never $0, and nothing may stop because of it. AWS Budgets goes on by itself.',
  ],
  demand: () => [{ kind: 'office', percentOfLimit: QUIET_PERCENT }],
  costExplorerDown: ({ startMs }) => ({ fromMs: startMs + 13 * DAY_MS, toMs: startMs + 15 * DAY_MS }),
  approval: { afterHours: 4 },
};
