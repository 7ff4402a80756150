import { DAY_MS, dayStart, type UtcDay } from '../calendar';
import { asPercent, nanoUsd, usd, ZERO, type NanoUsd, addUpTo } from '../money';

export const MOST_CALIBRATION = 1.5;
const DRIFT_PERCENT = 10;
const DRIFT_AMOUNT: NanoUsd = usd(1);
/** The bill of a day settles for about two days (trap 33). */
export const SETTLED_MS = 2 * DAY_MS;
const DRIFT_DAYS = 2;

/** A factor of the meter's figures: upwards only, and not so far that one wrong bill stops everything (trap 19). */
export function boundedCalibration(factor: number): number {
  if (!(factor > 1)) return 1;
  return Math.min(factor, MOST_CALIBRATION);
}

/** One UTC day of one model, by both. A day that one side does not know is not given at all. */
export interface ComparedDay {
  readonly day: UtcDay;
  readonly modelId: string;
  readonly meter: NanoUsd;
  /** Unblended, before tax, without credits. */
  readonly bill: NanoUsd;
}

export interface ModelDrift {
  readonly modelId: string;
  /** Days that drift by more than 10% of the bill and more than $1, oldest first. */
  readonly days: readonly ComparedDay[];
}

/** Days too young to compare are left out: until 48 hours after its end, a day's bill still grows. */
export function settledDays(days: readonly ComparedDay[], now: number): readonly ComparedDay[] {
  return days.filter(({ day }) => now - (dayStart(day) + DAY_MS) >= SETTLED_MS);
}

/** Models that drift on two settled days or more, either way: what the alarm is raised for. */
export function drift(days: readonly ComparedDay[], now: number): readonly ModelDrift[] {
  const byModel = new Map<string, ComparedDay[]>();
  for (const day of settledDays(days, now)) {
    if (drifts(day)) byModel.set(day.modelId, [...(byModel.get(day.modelId) ?? []), day]);
  }
  return [...byModel]
    .filter(([, found]) => new Set(found.map(({ day }) => day)).size >= DRIFT_DAYS)
    .map(([modelId, found]) => ({ modelId, days: found.sort((a, b) => dayStart(a.day) - dayStart(b.day)) }))
    .sort((a, b) => (a.modelId < b.modelId ? -1 : 1));
}

/** Bill over meter, over all settled days and models, rounded up to a hundredth; 1 where the meter is not too low. */
export function calibrationOf(days: readonly ComparedDay[], now: number): number {
  const settled = settledDays(days, now);
  const meter = addUpTo(...settled.map((day) => day.meter));
  const bill = addUpTo(...settled.map((day) => day.bill));
  // A ratio to nothing or to cents says nothing: a meter that sees nothing is blind, not to be multiplied.
  if (meter <= ZERO || bill < DRIFT_AMOUNT) return 1;
  return boundedCalibration(Math.ceil((bill / meter) * 100) / 100);
}

function drifts({ meter, bill }: ComparedDay): boolean {
  const apart = nanoUsd(Math.abs(meter - bill));
  return apart > DRIFT_AMOUNT && asPercent(apart, bill) > DRIFT_PERCENT;
}
