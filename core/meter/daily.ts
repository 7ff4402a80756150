import type { Amount } from '../bill';
import { DAY_MS, dayStart, type UtcDay } from '../calendar';
import { classOf, cost, isCounted, modelOf, priceOf, tokensIn } from './pricing';
import { addUpTo } from '../money';
import type { HourlyTokens } from './series';
import type { UsageResolution } from './types';

/**
 * The meter's spend by UTC day and model, by the same rules as its month (`assess`), rounded up once a series and day: the sum
 * of the days is up to a nano-dollar a series and day above the month.
 * @param usage of whole days, at least `days`
 * @returns an entry for each of `days`, empty where nothing was used. Names are base model ids, or the id in CloudWatch where
 *   no model is known behind it; what is not counted in the month is not here either
 */
export function dailySpend(
  usage: readonly HourlyTokens[],
  resolution: UsageResolution,
  days: readonly UtcDay[],
): ReadonlyMap<UtcDay, readonly Amount[]> {
  return new Map(days.map((day) => [day, spendOf(day, usage, resolution)]));
}

function spendOf(day: UtcDay, usage: readonly HourlyTokens[], resolution: UsageResolution): readonly Amount[] {
  const from = dayStart(day);
  const byModel = new Map<string, Amount>();
  for (const one of usage) {
    const tokens = tokensIn(one.hours, from, from + DAY_MS);
    const whose = tokens === 0 ? undefined : classOf(one, resolution);
    if (!isCounted(whose)) continue;
    const name = modelOf(whose, one.metricId);
    const amount = cost(tokens, priceOf(one, whose, resolution));
    const before = byModel.get(name);
    byModel.set(name, { name, amount: before === undefined ? amount : addUpTo(before.amount, amount) });
  }
  return [...byModel.values()].sort((a, b) => b.amount - a.amount || (a.name < b.name ? -1 : 1));
}
