import type { NanoUsd } from '../money';
import type { ContextPrices } from '../prices';
import type { BudgetNode } from '../shared-budgets';

/** What the in-path plugin of one environment needs to know; synth writes it as JSON, one file per environment. */
export interface ClientConfig {
  readonly schemaVersion: 1;
  /** Also the scope of the shared budget and of the request limits. */
  readonly environment: string;
  readonly region: string;
  /** The leases table: a name, or which output of the stack has it. */
  readonly leasesTable: string | StackOutput;
  /** Of a month that the meter has not spoken of; after that the meter's word counts. */
  readonly limit: NanoUsd;
  readonly requestLimits: { readonly perHour: number; readonly perDay: number };
  /** 0 switches the cache off. */
  readonly cacheMinutes: number;
  readonly inPath: InPathConfig;
  /** Within the environment's own; a budget comes after those it is within. Absent: none. */
  readonly budgets?: readonly BudgetNode[];
  /** Small before large, in order of preference. */
  readonly models: readonly ClientModel[];
  readonly localModels: { readonly endpoint: string; readonly models: readonly string[] };
}

/** A value that only a deployment knows: from `cdk deploy --outputs-file`, or from the deployed stack. */
export interface StackOutput {
  readonly stack: string;
  readonly output: string;
}

/** The variable of a process that holds a whole client config, as its deployment made it: where there is no place for a file. */
export const CLIENT_CONFIG_VARIABLE = 'SPEND_GUARD_CLIENT_CONFIG';

export interface InPathConfig {
  /**
   * `exact`: a write before each call and one after; the budget is used to the last call. `lease`: each process takes a
   * small part ahead, and most calls need no write.
   */
  readonly mode: 'exact' | 'lease';
  /** Injected where a request has none, so that the provider itself keeps to what was reserved. */
  readonly defaultMaxTokens: number;
  readonly whenAway: FailMode;
}

/** What becomes of calls while the leases table does not answer, or the meter's status is too old to go by. */
export type FailMode =
  | { readonly kind: 'closed' }
  /** Up to so much per process and month, by the calls' upper bounds; whatever is beyond is refused. */
  | { readonly kind: 'open'; readonly cap: NanoUsd };

export interface ClientModel extends ContextPrices {
  /** As the environment's config names it: unique, and with a scope where one was written. */
  readonly id: string;
  /** Without a scope; absent where `id` has none. */
  readonly baseId?: string;
  readonly name: string;
  readonly tier: 'small' | 'large';
  /** How the Region calls it: the base id, or that of a system-defined profile. */
  readonly calledId: string;
  /** The environment's own profile, by which it must be called; absent where the environment has an account of its own. */
  readonly profile?: string | StackOutput;
  readonly priceSource: string;
  /** At which the model itself ends its answer; absent where no document says. */
  readonly maxOutputTokens?: number;
}

/** All values known. */
export type CompleteClientConfig = Omit<ClientConfig, 'leasesTable' | 'models'> & {
  readonly leasesTable: string;
  readonly models: readonly CompleteClientModel[];
};

export type CompleteClientModel = Omit<ClientModel, 'profile'> & { readonly profile?: string };

export function isStackOutput(value: string | StackOutput | undefined): value is StackOutput {
  return typeof value === 'object';
}

/** The config with every output put in its place, and the names of those that `valueOf` does not know. */
export function complete(
  config: ClientConfig,
  valueOf: (output: StackOutput) => string | undefined,
): { readonly config: CompleteClientConfig; readonly missing: readonly StackOutput[] } {
  const missing: StackOutput[] = [];
  const value = (named: string | StackOutput): string => {
    if (!isStackOutput(named)) return named;
    const known = valueOf(named);
    if (known === undefined) missing.push(named);
    return known ?? '';
  };
  const completed = {
    ...config,
    leasesTable: value(config.leasesTable),
    models: config.models.map(({ profile, ...model }) => ({
      ...model,
      ...(profile === undefined ? {} : { profile: value(profile) }),
    })),
  };
  return { config: completed, missing };
}
