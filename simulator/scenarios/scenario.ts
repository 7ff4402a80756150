import type { EnvironmentConfig } from '../../config';
import type { BillingError } from '../world/bill';
import type { EnvironmentOutcome } from '../outcome';
import type { Demand } from '../world/demand';
import type { PromptMix } from '../world/usage';

/** The month that is played, in milliseconds since the epoch. */
export interface MonthFrame {
  readonly startMs: number;
  readonly endMs: number;
}

/** What the health check comes upon, for every environment alike. */
export interface Housekeeping {
  /** The access keys of guarded users: when they were made, and when somebody rotates them. */
  readonly keys: { readonly createdMs: number; readonly rotatedMs: number };
  /** The first model of each list of small ones: Bedrock announces its end, and answers 404 from then on. */
  readonly modelEndsMs: number;
  /** When the budget owner at last confirms the subscription. */
  readonly confirmedMs: number;
}

/** How CloudWatch fails at a time, if it does. */
export type CloudWatchState = 'well' | 'partial' | 'throttled' | 'down';

/** What becomes of the events of the activity alarm at a time. */
export type AlarmEvents = 'well' | 'lost' | 'late' | 'doubled';

/** What happens in a month, for every environment alike: what differs comes from their configuration. */
export interface Scenario {
  /** For `--scenario`. */
  readonly name: string;
  readonly title: string;
  /** What goes on, for somebody who has not seen this before; one line each. */
  readonly story: readonly string[];
  /** A configuration of its own, from the project's folder. @default - the user's, config/budget-tiers.ts */
  readonly config?: string;
  housekeeping?(month: MonthFrame): Housekeeping;
  demand(environment: EnvironmentConfig, month: MonthFrame): readonly Demand[];
  /** What calls are made of, and what becomes of it. @default - one mix for good */
  prompts?(month: MonthFrame): PromptMix;
  /** When Cost Explorer's API answers with an error. */
  costExplorerDown?(month: MonthFrame): { readonly fromMs: number; readonly toMs: number };
  billingError?(month: MonthFrame): BillingError;
  /** Whether the meter is there. Without it the bill line shows what it does alone. @default false */
  readonly metered?: boolean;
  /** How many days are played. @default - the whole month */
  readonly days?: number;
  /** How long tokens take to show in CloudWatch. @default 2 */
  readonly metricDelayMinutes?: number;
  /** How CloudWatch is at a time. @default - well */
  cloudWatch?(month: MonthFrame, atMs: number): CloudWatchState;
  /** @default - well */
  alarmEvents?(month: MonthFrame, atMs: number): AlarmEvents;
  /** How long after being asked a person lets a budgets action go on; 'never' is a person who looks and declines. */
  readonly approval: { readonly afterHours: number } | 'never';
  /** What the scenario is there to show and did not, in words that follow the environment's name. @default - nothing */
  unmet?(outcome: EnvironmentOutcome): readonly string[];
}
