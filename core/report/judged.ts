import { formatUsd, subtract, type NanoUsd } from '../money';
import type { CrossedThreshold } from '../stop-lines';
import type { CostReport } from './report';

/** What the month has reached, the gravest first. */
const GRAVEST = ['limit', 'stop', 'degrade', 'notify'] as const;
export type Reached = (typeof GRAVEST)[number];

/** The month by the larger of bill and meter: the bill is 8 to 24 hours late, the meter minutes. */
export interface Judged {
  /** Absent: neither is known. */
  readonly amount?: NanoUsd;
  /** Absent: no line is reached, as far as it is known. */
  readonly reached?: Reached;
  /** Of the highest line that is reached; absent where none has a percentage. */
  readonly atPercent?: number;
  /** The bill alone has reached less. */
  readonly byMeter: boolean;
  /** What the meter counts for a stop, in words; absent: unknown. */
  readonly meterText?: string;
  /** The meter has counted more than is expected for the whole month. */
  readonly beyondForecast: boolean;
}

export function judge({ bill, meter: { figures, crossed: byMeter = [] }, limit }: CostReport): Judged {
  const billed = bill.kind === 'known' ? bill.monthToDate : undefined;
  // By it a stop is decided.
  const metered = figures.kind === 'known' ? (figures.calibrated ?? figures.monthToDate) : undefined;
  const byBill = bill.kind === 'known' ? bill.crossed : [];
  const amount = metered === undefined || (billed !== undefined && billed >= metered) ? billed : metered;
  const crossed = [...byBill, ...byMeter];
  const reached = reachedOf(amount, limit, crossed);
  const atPercent = highest(crossed);
  const forecast = bill.kind === 'known' && bill.forecast.kind === 'known' ? bill.forecast.amount : undefined;
  return {
    ...(amount !== undefined && { amount }),
    ...(reached !== undefined && { reached }),
    ...(atPercent !== undefined && { atPercent }),
    byMeter: reachedOf(billed, limit, byBill) !== reached || highest(byBill) !== atPercent,
    ...(figures.kind === 'known' &&
      metered !== undefined && {
        meterText: `${figures.lowerBound ? 'at least ' : ''}${formatUsd(metered)} by the meter`,
      }),
    beyondForecast: metered !== undefined && forecast !== undefined && metered > forecast,
  };
}

/** ` by $10.00`; nothing at the limit itself. */
export function overBy(amount: NanoUsd | undefined, limit: NanoUsd): string {
  return amount !== undefined && amount > limit ? ` by ${formatUsd(subtract(amount, limit))}` : '';
}

function reachedOf(
  spent: NanoUsd | undefined,
  limit: NanoUsd,
  crossed: readonly CrossedThreshold[],
): Reached | undefined {
  if (spent !== undefined && spent >= limit) return 'limit';
  return GRAVEST.find((level) => crossed.some(({ effect }) => effect === level));
}

function highest(crossed: readonly CrossedThreshold[]): number | undefined {
  return crossed.length === 0 ? undefined : Math.max(...crossed.map(({ atPercent }) => atPercent));
}
