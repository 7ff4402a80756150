import type { EnvironmentConfig, ResolvedModel } from '../../config';
import { DAY_MS, HOUR_MS } from '../../core/calendar';

/** What callers would use if nobody stopped them. Amounts are shares of the environment's monthly limit. */
export type Demand =
  | {
      /** Working hours of a team: busy by day, quiet at night and at weekends. */
      readonly kind: 'office';
      /** Of the limit, over the whole of what is played. */
      readonly percentOfLimit: number;
      /** Over the time until then instead, of which less may be played. @default - the end of what is played */
      readonly untilMs?: number;
      /** How much more the last day uses than the first; 1 is steady. @default 1 */
      readonly growth?: number;
    }
  | {
      /** A program that calls one model as fast as it can. */
      readonly kind: 'surge';
      readonly fromMs: number;
      readonly toMs: number;
      readonly percentOfLimitPerHour: number;
      readonly tier: ResolvedModel['tier'];
    };

/** The team sits in São Paulo: 09:00 to 18:00 there. */
const BUSY_UTC_HOURS = { from: 12, to: 21 };
const NIGHT = 0.15;
const WEEKEND = 0.3;
/** How an office's money is shared between the tiers; a tier's first model gets most of its share. */
const TIER_SHARE: Readonly<Record<ResolvedModel['tier'], number>> = { small: 0.6, large: 0.4 };

/**
 * Expected nano-dollars an hour of each model, by hour from `fromMs` to `toMs`.
 * @returns one array a model, in the order of `environment.models`
 */
export function hourlyDemand(
  environment: EnvironmentConfig,
  demands: readonly Demand[],
  fromMs: number,
  toMs: number,
): readonly Float64Array[] {
  const hours = Math.ceil((toMs - fromMs) / HOUR_MS);
  const byModel = environment.models.map(() => new Float64Array(hours));
  for (const demand of demands) {
    const shares =
      demand.kind === 'office' ? officeShares(environment.models) : surgeShares(environment.models, demand.tier);
    const amounts = demand.kind === 'office' ? officeHours(demand, fromMs, hours) : surgeHours(demand, fromMs, hours);
    byModel.forEach((rates, model) => {
      for (let hour = 0; hour < hours; hour++) {
        rates[hour] = rates[hour]! + (amounts[hour]! * shares[model]! * environment.limit) / 100;
      }
    });
  }
  return byModel;
}

/** On weekdays, while the team works. */
export function isOfficeHour(atMs: number): boolean {
  const hour = (atMs % DAY_MS) / HOUR_MS;
  const weekday = weekdayOf(atMs);
  return weekday !== 0 && weekday !== 6 && hour >= BUSY_UTC_HOURS.from && hour < BUSY_UTC_HOURS.to;
}

/** As `getUTCDay`, for the times since the epoch, which began on a Thursday. */
function weekdayOf(atMs: number): number {
  return (Math.floor(atMs / DAY_MS) + 4) % 7;
}

/** Percent of the limit by hour, which add up to the whole. */
function officeHours(demand: Extract<Demand, { kind: 'office' }>, fromMs: number, hours: number): Float64Array {
  const growth = demand.growth ?? 1;
  const spread = demand.untilMs === undefined ? hours : Math.ceil((demand.untilMs - fromMs) / HOUR_MS);
  const weights = Float64Array.from({ length: spread }, (_, hour) => {
    const at = fromMs + hour * HOUR_MS;
    const hourOfDay = (at % DAY_MS) / HOUR_MS;
    const weekday = weekdayOf(at);
    const busy = hourOfDay >= BUSY_UTC_HOURS.from && hourOfDay < BUSY_UTC_HOURS.to;
    return (busy ? 1 : NIGHT) * (weekday === 0 || weekday === 6 ? WEEKEND : 1) * (1 + ((growth - 1) * hour) / spread);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (weight * demand.percentOfLimit) / total);
}

function surgeHours(demand: Extract<Demand, { kind: 'surge' }>, fromMs: number, hours: number): Float64Array {
  return Float64Array.from({ length: hours }, (_, hour) => {
    const at = fromMs + hour * HOUR_MS;
    return at >= demand.fromMs && at < demand.toMs ? demand.percentOfLimitPerHour : 0;
  });
}

/** Shares of the money, which add up to one whatever tiers there are. */
function officeShares(models: readonly ResolvedModel[]): readonly number[] {
  const present = new Set(models.map(({ tier }) => tier));
  const whole = [...present].reduce((sum, tier) => sum + TIER_SHARE[tier], 0);
  return models.map((model) => {
    const peers = models.filter(({ tier }) => tier === model.tier);
    const weight = (one: ResolvedModel) => (peers.indexOf(one) === 0 ? 2 : 1);
    const sum = peers.reduce((all, peer) => all + weight(peer), 0);
    return ((TIER_SHARE[model.tier] / whole) * weight(model)) / sum;
  });
}

/** A runaway calls one model: the last of its tier, or of all where the tier is empty. */
function surgeShares(models: readonly ResolvedModel[], tier: ResolvedModel['tier']): readonly number[] {
  const called = models.findLast((model) => model.tier === tier) ?? models.at(-1);
  return models.map((model) => (model === called ? 1 : 0));
}
