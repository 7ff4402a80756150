import { DAY_MS } from '../core/calendar';
import type { PastSpend } from '../core/meter';
import { divideUp, NANO_PER_USD, type NanoUsd } from '../core/money';
import { DEFAULTS } from './defaults';

/** Longest of all months. */
const MONTH_DAYS = 31n;
/** A limit of what is usual would stop in every month that is a little busier: half as much again. */
const [ROOM, OF] = [3n, 2n];
/** What the config takes. */
const MOST_USD = 1_000_000n;

/**
 * A limit under which what has been used would go on: no line of the defaults would have stopped it, neither the month's, as long as
 * it goes on like that, nor that of the dearest day or hour. In whole dollars of two digits that count, rounded up.
 * @param windowMs in which it was used
 */
export function proposedLimitUsd({ total, busiestDay, busiestHour }: PastSpend, windowMs: number): number {
  const { stopAtPercent, dailyLimitPercent, runawayBrakePercentPerHour } = DEFAULTS;
  const days = BigInt(Math.ceil(windowMs / DAY_MS));
  const needed = [
    limitFor(total, stopAtPercent, MONTH_DAYS, days),
    limitFor(busiestDay, dailyLimitPercent),
    limitFor(busiestHour, runawayBrakePercentPerHour),
  ].reduce((most, one) => (one > most ? one : most));
  const dollars = divideUp(needed, BigInt(NANO_PER_USD));
  const [rounded, least] = [twoDigits(dollars), 1n];
  return Number(rounded < least ? least : rounded > MOST_USD ? MOST_USD : rounded);
}

/** The limit of which an amount is so many percent, with room. */
function limitFor(amount: NanoUsd, percent: number, times = 1n, per = 1n): bigint {
  return divideUp(BigInt(amount) * 100n * times * ROOM, BigInt(percent) * per * OF);
}

function twoDigits(dollars: bigint): bigint {
  const unit = 10n ** BigInt(Math.max(0, dollars.toString().length - 2));
  return divideUp(dollars, unit) * unit;
}
