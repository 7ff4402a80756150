import { nanoUsd, type NanoUsd } from '../money';

/** Money that does not fit is the largest that does, about $9 million: a count beyond belief must stop, not throw. */
export const MOST: NanoUsd = nanoUsd(Number.MAX_SAFE_INTEGER);

/** The sum, or {@link MOST}. For amounts that are not negative. */
export function addUpTo(...amounts: readonly NanoUsd[]): NanoUsd {
  return amounts.reduce<NanoUsd>((sum, amount) => nanoUsd(Math.min(sum + amount, MOST)), nanoUsd(0));
}

/** `amount × factor`, rounded up, or {@link MOST}. */
export function timesUpTo(amount: NanoUsd, factor: number): NanoUsd {
  return nanoUsd(Math.min(Math.ceil(amount * factor), MOST));
}

/** The difference, never below zero. */
export function since(later: NanoUsd, earlier: NanoUsd): NanoUsd {
  return nanoUsd(Math.max(0, later - earlier));
}
