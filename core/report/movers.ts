import { usualBefore, type Estimate, type NamedDay } from '../bill';
import { addDays, utcDay, type UtcDay } from '../calendar';
import { add, nanoUsd, NANO_PER_USD, subtract, ZERO, type NanoUsd } from '../money';

/** A model, or a service, whose day is other than usual. */
export interface Mover {
  readonly name: string;
  readonly day: UtcDay;
  /** Absent: the day has lines of others and none of this name, whose seller may be late with it. That is not $0. */
  readonly amount?: NanoUsd;
  /** Of the same name, before that day. */
  readonly usual: Estimate;
  /** Above zero: more than usual. Absent: nobody knows what is usual, or what the day was. */
  readonly difference?: NanoUsd;
  /** The difference, of what is usual; absent also where usual is nothing. */
  readonly percent?: number;
  /** It may still grow, as yesterday's bill may. */
  readonly soFar: boolean;
}

export type Movers =
  | { readonly kind: 'known'; readonly of: 'models' | 'services'; readonly movers: readonly Mover[] }
  | { readonly kind: 'unavailable'; readonly why: string };

const MOST_MOVERS = 3;
/** Less is rounding. */
const WORTH_TELLING = nanoUsd(NANO_PER_USD / 100);

/**
 * The three that differ most from their usual day, in dollars; what has no usual day yet counts with all of its day, and what is not
 * billed yet stands behind all others. A bill is 8 to 24
 * hours late: so the day before yesterday counts as a whole, and yesterday only where it is above the usual already, which it can but exceed.
 * @param days of this month and some before; a day without any row was not billed yet
 */
export function moversOf(days: readonly NamedDay[], of: 'models' | 'services', now: number): Movers {
  const yesterday = addDays(utcDay(now), -1);
  const settled = addDays(yesterday, -1);
  const isBilled = (day: UtcDay) => days.some((one) => one.day === day);
  const movers = [...byName(days)].flatMap(([name, byDay]) => {
    const whole = isBilled(settled) ? [moverOf(name, byDay, settled, false)] : [];
    const early = byDay.has(yesterday) ? moverOf(name, byDay, yesterday, true) : undefined;
    const isMore = early !== undefined && (early.difference === undefined || early.difference > 0);
    return [...whole, ...(isMore ? [early] : [])]
      .filter((mover) => weight(mover) >= WORTH_TELLING)
      .sort(heaviestFirst)
      .slice(0, 1);
  });
  if (movers.length === 0 && !isBilled(settled)) {
    return { kind: 'unavailable', why: `the bill has no line of ${settled} yet` };
  }
  return { kind: 'known', of, movers: movers.sort(heaviestFirst).slice(0, MOST_MOVERS) };
}

function byName(days: readonly NamedDay[]): ReadonlyMap<string, ReadonlyMap<UtcDay, NanoUsd>> {
  const names = new Map<string, Map<UtcDay, NanoUsd>>();
  for (const { name, day, amount } of days) {
    const byDay = names.get(name) ?? new Map<UtcDay, NanoUsd>();
    names.set(name, byDay.set(day, add(byDay.get(day) ?? ZERO, amount)));
  }
  return names;
}

function moverOf(name: string, byDay: ReadonlyMap<UtcDay, NanoUsd>, day: UtcDay, soFar: boolean): Mover {
  const amount = byDay.get(day);
  const usual = usualBefore(byDay, day);
  if (amount === undefined) return { name, day, usual, soFar };
  if (usual.kind === 'unavailable') return { name, day, amount, usual, soFar };
  const difference = subtract(amount, usual.amount);
  const percent = usual.amount > 0 ? { percent: (difference / usual.amount) * 100 } : {};
  return { name, day, amount, usual, difference, ...percent, soFar };
}

function weight({ difference, amount, usual }: Mover): number {
  return Math.abs(difference ?? amount ?? (usual.kind === 'known' ? usual.amount : ZERO));
}

function heaviestFirst(a: Mover, b: Mover): number {
  const isUnbilled = ({ amount }: Mover) => Number(amount === undefined);
  return isUnbilled(a) - isUnbilled(b) || weight(b) - weight(a) || (a.name < b.name ? -1 : 1);
}
