import { billingError } from './billing-error';
import { cacheMiss } from './cache-miss';
import { cloudWatchDown } from './cloudwatch-down';
import { costExplorerDown } from './cost-explorer-down';
import { housekeeping } from './housekeeping';
import { lateMetrics } from './late-metrics';
import { quietMonth } from './quiet-month';
import { runaway } from './runaway';
import { runawayMetered } from './runaway-metered';
import type { Scenario } from './scenario';
import { shippedQuiet } from './shipped-quiet';
import { shippedRunaway } from './shipped-runaway';
import { slowOverrun } from './slow-overrun';

/** What `npm start` plays for somebody who has seen none of this. */
export interface Tour {
  readonly quiet: Scenario;
  readonly runaway: Scenario;
}
export const shippedTour: Tour = { quiet: shippedQuiet, runaway: shippedRunaway };

/** In the order in which `--all` plays them. */
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
export const furtherScenarios: readonly Scenario[] = [lateMetrics, cloudWatchDown, cacheMiss];
export const allScenarios: readonly Scenario[] = [shippedQuiet, shippedRunaway, ...scenarios, ...furtherScenarios];
