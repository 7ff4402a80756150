import { DAY_MS, HOUR_MS } from '../calendar';
import { addUpTo, nanoUsd, ZERO, type NanoUsd } from '../money';
import { classOf, cost, isCounted, priceOf } from './pricing';
import type { HourlyTokens } from './series';
import type { UsageResolution } from './types';

/** What an id of CloudWatch has cost; unknown where no list has a price for it. */
export interface PastSpendOfId {
  readonly metricId: string;
  readonly spent: NanoUsd | 'unknown';
}

/** What has been used before there was a guard, for somebody who is choosing a limit. */
export interface PastSpend {
  /** Dearest first, the unknown ones at the end; nothing that used no tokens. */
  readonly byId: readonly PastSpendOfId[];
  /** Of all that has a price. */
  readonly total: NanoUsd;
  /** The dearest UTC day, and the dearest hour. */
  readonly busiestDay: NanoUsd;
  readonly busiestHour: NanoUsd;
}

/**
 * At list price, rounded up once a series and hour. What has no price of its own is unknown here: the dearest rate, at which the meter
 * counts it to stop in time, is no proposal for a limit.
 */
export function pastSpend(usage: readonly HourlyTokens[], resolution: UsageResolution): PastSpend {
  const byId = new Map<string, NanoUsd | 'unknown'>();
  const byHour = new Map<number, NanoUsd>();
  for (const one of usage) {
    const whose = classOf(one, resolution);
    const price =
      isCounted(whose) && whose.kind !== 'unattributed' ? priceOf(one, whose, resolution) : ('unknown' as const);
    for (const { at, value } of one.hours) {
      if (value === 0) continue;
      const before = byId.get(one.metricId) ?? ZERO;
      if (price === 'unknown' || before === 'unknown') {
        byId.set(one.metricId, 'unknown');
        continue;
      }
      const spent = cost(value, price);
      byId.set(one.metricId, addUpTo(before, spent));
      const hour = Math.floor(at / HOUR_MS) * HOUR_MS;
      byHour.set(hour, addUpTo(byHour.get(hour) ?? ZERO, spent));
    }
  }
  const byDay = new Map<number, NanoUsd>();
  for (const [hour, spent] of byHour) {
    const day = Math.floor(hour / DAY_MS) * DAY_MS;
    byDay.set(day, addUpTo(byDay.get(day) ?? ZERO, spent));
  }
  return {
    byId: [...byId].map(([metricId, spent]) => ({ metricId, spent })).sort(dearestFirst),
    total: addUpTo(...byHour.values()),
    busiestDay: most(byDay.values()),
    busiestHour: most(byHour.values()),
  };
}

function dearestFirst(a: PastSpendOfId, b: PastSpendOfId): number {
  const amount = ({ spent }: PastSpendOfId) => (spent === 'unknown' ? -1 : spent);
  return amount(b) - amount(a) || Number(a.metricId > b.metricId) - Number(a.metricId < b.metricId);
}

function most(amounts: Iterable<NanoUsd>): NanoUsd {
  let highest = ZERO;
  for (const amount of amounts) highest = nanoUsd(Math.max(highest, amount));
  return highest;
}
