import type { GuardInput } from './schema';

type Environment = GuardInput['environments'][string];
type Models = Environment['models'];
type ModelEntry = Models['small'][number];

/** A model by its id, or with how it is used. */
export type BriefModel = string | ModelEntry;

/** An environment with what nobody else can know; all else has a default. */
export type BriefEnvironment = Partial<Omit<Environment, 'models' | 'principals'>> &
  Pick<Environment, 'region' | 'monthlyLimitUsd' | 'owner'> & {
    /** A list alone: no model is denied before the others. */
    readonly models:
      | readonly BriefModel[]
      | {
          readonly small: readonly BriefModel[];
          readonly large?: readonly BriefModel[];
          readonly local?: Models['local'];
        };
    readonly principals?: Partial<Environment['principals']>;
  };

/** What holds where nobody says otherwise; each value for somebody who has not thought about it yet. */
export const DEFAULTS = {
  // The stricter of the two: callers with the plugin are refused while the guard cannot answer, and nothing outlives the stack.
  class: 'nonProduction',
  // All of the account counts, whoever calls whatever by whichever id. What counts by profiles alone does not see an application
  // that calls models as it did before it had a guard.
  identity: 'direct',
  alertAtPercent: [50, 75, 90],
  // AWS Budgets' forecast says that the month ends above the limit.
  forecastAlertAtPercent: 100,
  // Spend is seen some minutes late: what is left to 100 is for those.
  stopAtPercent: 95,
  // A limit lasts for five such days at least, and a runaway is stopped within an hour at a tenth of it.
  dailyLimitPercent: 20,
  runawayBrakePercentPerHour: 10,
  // The meter stops by itself, within minutes and told from tokens. A bill comes hours later and may be wrong: a person confirms.
  enforce: true,
  billAction: 'needsApproval',
  // A guard that cannot see tells people. That nobody may go on because a metric is late is for them to choose.
  onBlind: 'page',
  requestLimits: { perHour: 500, perDay: 5_000 },
  // Whoever asks twice may want two answers.
  cacheMinutes: 0,
  report: { at: '08:00', timeZone: 'UTC' },
  neverStop: [],
  assumableBy: { principals: [] },
  provisionedConcurrency: [],
} as const satisfies Partial<Environment>;

/** From here on large models are denied, where there are any. */
export const DEGRADE_AT_PERCENT = 90;
/** So much before the stop at the latest. */
const DEGRADE_BEFORE_STOP = 5;

const PRINCIPALS = { roles: [], users: [], groups: [] } as const;
/** No local models: where Ollama would listen if there were. */
const LOCAL = { endpoint: 'http://localhost:11434', models: [] } as const;

/** Completes an environment of the configuration. What is written is kept as it is, and checked by `loadGuard`. */
export function withDefaults(brief: BriefEnvironment): Environment {
  const { models, principals, ...written } = brief;
  const given = Object.fromEntries(
    Object.entries(written).filter(([, value]) => value !== undefined),
  ) as typeof written;
  const merged = { ...DEFAULTS, ...given };
  const { large, ...others } = tiers(models);
  return {
    ...merged,
    budgetOwner: merged.budgetOwner ?? merged.owner,
    // The last of the others: an alert of its own is for who wants one.
    ownAlertAtPercent: merged.ownAlertAtPercent ?? lastOf(merged.alertAtPercent) ?? merged.stopAtPercent,
    degradeAtPercent: merged.degradeAtPercent ?? (large.length === 0 ? 'never' : degradeBefore(merged.stopAtPercent)),
    models: { ...others, large },
    principals: { ...PRINCIPALS, ...principals },
  };
}

function tiers(models: BriefEnvironment['models']): Models {
  const { small, large = [], local = LOCAL } = isList(models) ? { small: models } : models;
  return { local, small: small.map(modelEntry), large: large.map(modelEntry) };
}

function isList(models: BriefEnvironment['models']): models is readonly BriefModel[] {
  return Array.isArray(models);
}

function modelEntry(model: BriefModel): ModelEntry {
  return typeof model === 'string' ? { id: model } : model;
}

function lastOf(percents: readonly number[]): number | undefined {
  return percents.at(-1);
}

/** In whole hundredths, as the configuration has them. */
function degradeBefore(stopAtPercent: number): number | 'never' {
  const before = Math.round((stopAtPercent - DEGRADE_BEFORE_STOP) * 100) / 100;
  return before > 0 ? Math.min(DEGRADE_AT_PERCENT, before) : 'never';
}
