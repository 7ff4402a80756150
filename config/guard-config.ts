import type { Lifecycle, ModelQuota } from './catalogue/types';
import type { Channel } from '../core/channels';
import type { ManagedFunction } from '../core/concurrency';
import type { InPathConfig } from '../core/in-path';
import type { NanoUsd } from '../core/money';
import type { Overshoot } from '../core/estimates';
import type { ModelPrice } from '../core/prices';
import type { BudgetNode } from '../core/shared-budgets';
import type { Threshold } from '../core/stop-lines';

/** The configuration after checking: every amount exact, every model resolved to what is really called. */
export interface GuardConfig {
  /** In the order of the file. */
  readonly environments: readonly EnvironmentConfig[];
  /** What a deployer should know although nothing is wrong. */
  readonly notices: readonly Notice[];
}

export interface Notice {
  readonly environment: string;
  readonly text: string;
  /** What an app may see to where the configuration does not. @default - nothing */
  readonly about?: 'assumableBy';
}

export interface EnvironmentConfig {
  readonly name: string;
  /** Drives behaviour; the name never does. */
  readonly class: 'production' | 'nonProduction';
  readonly owner: string;
  readonly budgetOwner: string;
  /** Absent: the account of whoever deploys. */
  readonly account?: string;
  readonly region: string;
  readonly identity: 'profile' | 'direct';
  /** Whose usage counts: the own profiles', or all of the account's that no other environment's profile claims. */
  readonly metering: 'profiles' | 'account';
  /** Per calendar month, UTC. */
  readonly limit: NanoUsd;
  /** Set in the one environment an account that also carries the budget over all of Bedrock. */
  readonly accountWideLimit?: NanoUsd;
  /** Ascending; the same percentage may appear once per effect and basis. */
  readonly thresholds: readonly Threshold[];
  readonly stopAtPercent: number;
  /** Spend within one UTC day that stops. */
  readonly dailyLimit: NanoUsd;
  /** Of the limit, which `dailyLimit` was reckoned from. */
  readonly dailyLimitPercent: number;
  /** Spend within one hour that stops. */
  readonly hourlyBrake: NanoUsd;
  readonly hourlyBrakePercent: number;
  readonly billAction: BillAction;
  /** Absent: no dashboard shows this environment. */
  readonly dashboard?: DashboardConfig;
  readonly meter: MeterConfig;
  /** Absent: no hub is told. */
  readonly organizationHub?: { readonly busArn: string };
  /** The state table outlives the stack. */
  readonly keepState: boolean;
  readonly requestLimits: { readonly perHour: number; readonly perDay: number };
  readonly cacheMinutes: number;
  readonly inPath: InPathConfig;
  readonly report: ReportConfig;
  /** Where people are told beside e-mail. */
  readonly channels: readonly Channel[];
  readonly spenders: SpendersConfig;
  readonly localModels: { readonly endpoint: string; readonly models: readonly string[] };
  /** Cloud models in order of preference, small before large. */
  readonly models: readonly ResolvedModel[];
  readonly principals: GuardedPrincipals;
  /** Break-glass roles, never stopped. */
  readonly neverStop: readonly IamEntity[];
  readonly assumableBy: AssumableBy;
  readonly provisionedConcurrency: readonly ManagedFunction[];
  /** Within the environment's own; each after those it is within. */
  readonly budgets: readonly ConfiguredBudget[];
  /** Absent: there are no servers. */
  readonly endpoint?: EndpointConfig;
}

export interface ReportConfig {
  readonly hour: number;
  readonly minute: number;
  readonly timeZone: string;
  /** Absent: as text, by the alert topic. */
  readonly html?: { readonly from: string; readonly identity: string };
}

/** Who spent it; nothing: nobody is named. */
export interface SpendersConfig {
  readonly principalTag?: string;
  readonly logGroup?: string;
}

/** Servers of `spend-guard serve` on Fargate, in a VPC that is there. */
export interface EndpointConfig {
  readonly vpcId: string;
  /** One in each of several zones. */
  readonly subnets: readonly { readonly id: string; readonly zone: string }[];
  readonly certificateArn: string;
  /** With a tag or a digest. */
  readonly image: string;
  readonly allowedCidrs: readonly string[];
  readonly minTasks: number;
  readonly maxTasks: number;
}

/** A budget that callers with the in-path plugin share, and whose it is. */
export interface ConfiguredBudget extends BudgetNode {
  /** Roles that may reserve in it and in what is within it, and in no other. */
  readonly roles: readonly IamEntity[];
}

/** The dashboard of an account and Region. */
export interface DashboardConfig {
  /** The environment whose stack has it. */
  readonly carriedBy: string;
  /** All that it shows, in the order of the file. */
  readonly environments: readonly ShownEnvironment[];
}

export type ShownEnvironment = Pick<EnvironmentConfig, 'name' | 'limit' | 'thresholds'>;

/** What AWS Budgets does at its own line, with none of the guard's code. */
export type BillAction =
  | { readonly kind: 'none' }
  | { readonly kind: 'automatic'; readonly atPercent: number; readonly acceptedRisk?: string }
  | { readonly kind: 'needsApproval'; readonly atPercent: number };

/** How the meter watches, and what it does when it cannot. */
export interface MeterConfig {
  /** false: a dry run. */
  readonly enforce: boolean;
  readonly onBlind: 'page' | 'stop';
  readonly unknownAfterMinutes: number;
  readonly graceMinutes: number;
  readonly regions: readonly string[];
  /** The meter is told of the first call by an alarm. */
  readonly activityAlarm: boolean;
  readonly stopBatchJobs: boolean;
  readonly overshoot: Overshoot;
  /** The reason, where the overshoot estimate is above the limit. */
  readonly acceptedOvershoot?: string;
}

/** A role, user or group as IAM's API names it: the name alone, the path beside it (`/`, or `/team/`). */
export interface IamEntity {
  readonly name: string;
  readonly path: string;
}

export interface GuardedPrincipals {
  readonly roles: readonly IamEntity[];
  readonly users: readonly IamEntity[];
  readonly groups: readonly IamEntity[];
  /** Of IAM Identity Center: whoever has one of them in the account. */
  readonly permissionSets: readonly string[];
}

export interface AssumableBy {
  /** ARNs. */
  readonly principals: readonly string[];
  readonly githubOidc?: { readonly repository: string; readonly subject: string };
}

export interface ResolvedModel {
  /** As the configuration names it, after a replacement: unique in its environment, with a scope where one was written. */
  readonly id: string;
  readonly name: string;
  readonly vendor: string;
  /** Its maker, as AWS writes it, where a document says. */
  readonly provider?: string;
  readonly tier: 'small' | 'large';
  readonly optional: boolean;
  /** The id the config asked for, where the catalogue replaced it. */
  readonly replaces?: string;
  readonly route: ModelRoute;
  /** What every token is counted at where nobody knows more: the dearest that the list has for the called id. */
  readonly price: ModelPrice;
  /** Where long contexts cost more: the price of a request of at most so many tokens of context. */
  readonly shortContext?: { readonly upToTokens: number; readonly price: ModelPrice };
  /** Absent: no document gives it. */
  readonly quota?: ModelQuota;
  /** Which list, and of which date, the price is from. */
  readonly priceSource: string;
  /** At which the model itself ends its answer; absent where no document says. */
  readonly maxOutputTokens?: number;
  /** That a request and its answer may have together, by the price library; absent where it lacks the id. */
  readonly contextTokens?: number;
  /** No answer is longer, by the largest number that a document gives; absent where none does. A bound, never a limit to ask for. */
  readonly longestAnswerTokens?: number;
  readonly lifecycle: Lifecycle | { readonly status: 'unknown' };
  /** Base id of what to use instead, where a document names it. */
  readonly replacement?: string;
  /** The bill shows it under the seller's name, and an account may need a subscription first. */
  readonly soldThroughMarketplace: boolean | 'unknown';
}

export type ModelRoute =
  | { readonly via: 'onDemand'; readonly modelId: string }
  | {
      readonly via: 'crossRegion';
      /** Base model id. */
      readonly modelId: string;
      /** The system-defined inference profile, such as `us.meta.llama3-1-70b-instruct-v1:0`. */
      readonly profileId: string;
      /** Where a call may be answered; `unknown`: in any Region, and only through the environment's own profile. */
      readonly destinationRegions: readonly string[] | 'unknown';
    };
