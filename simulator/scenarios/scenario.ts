import type { EnvironmentConfig } from '../../config/guard-config';
import type { BillingError } from '../world/bill';
import type { Demand } from '../world/demand';

/** The month that is played, in milliseconds since the epoch. */
export interface MonthFrame {
  readonly startMs: number;
  readonly endMs: number;
}

/** What happens in a month, for every environment alike: what differs comes from their configuration. */
export interface Scenario {
  /** For `--scenario`. */
  readonly name: string;
  readonly title: string;
  /** What goes on, for somebody who has not seen this before; one line each. */
  readonly story: readonly string[];
  demand(environment: EnvironmentConfig, month: MonthFrame): readonly Demand[];
  /** When Cost Explorer's API answers with an error. */
  costExplorerDown?(month: MonthFrame): { readonly fromMs: number; readonly toMs: number };
  billingError?(month: MonthFrame): BillingError;
  /** How long after being asked a person lets a budgets action go on; 'never' is a person who looks and declines. */
  readonly approval: { readonly afterHours: number } | 'never';
}
