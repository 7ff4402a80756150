import { billingError } from './billing-error';
import { costExplorerDown } from './cost-explorer-down';
import { housekeeping } from './housekeeping';
import { quietMonth } from './quiet-month';
import { runaway } from './runaway';
import { runawayMetered } from './runaway-metered';
import type { Scenario } from './scenario';
import { slowOverrun } from './slow-overrun';

/** In the order in which `npm start` plays them. */
export const scenarios: readonly Scenario[] = [
  quietMonth,
  slowOverrun,
  runaway,
  runawayMetered,
  costExplorerDown,
  billingError,
  housekeeping,
];
