import { billingError } from './billing-error';
import { cloudWatchDown } from './cloudwatch-down';
import { costExplorerDown } from './cost-explorer-down';
import { housekeeping } from './housekeeping';
import { lateMetrics } from './late-metrics';
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

/** Played only when they are named. */
export const furtherScenarios: readonly Scenario[] = [lateMetrics, cloudWatchDown];
export const allScenarios: readonly Scenario[] = [...scenarios, ...furtherScenarios];
