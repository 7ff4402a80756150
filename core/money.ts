/**
 * Money is an integer count of nano-dollars (1e-9 USD), exact to about $9 million: no float dollars in sums.
 * Amounts that arrive as decimals (Cost Explorer, prices) are summed exactly first and rounded up once.
 */
export type NanoUsd = number & { readonly unit: 'NanoUsd' };

export const NANO_PER_USD = 1_000_000_000;
const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

/** A count of nano-dollars as money. @throws RangeError unless it is a whole number up to about $9 million either way. */
export function nanoUsd(value: number): NanoUsd {
  if (!Number.isSafeInteger(value)) throw new RangeError(`not a whole number of nano-dollars within range: ${value}`);
  return (value === 0 ? 0 : value) as NanoUsd;
}

export const ZERO: NanoUsd = nanoUsd(0);

/** A decimal that keeps all its digits: `digits × 10^-scale`. */
export interface ExactDecimal {
  readonly digits: bigint;
  readonly scale: number;
}

/**
 * Parses what AWS writes as an amount, such as `4.1400000000`, `-0.02` or `1.2E-7`, without a float in between.
 * @throws RangeError on anything that is not a decimal number
 */
export function parseDecimal(text: string): ExactDecimal {
  const match = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/.exec(text.trim());
  if (!match) throw new RangeError(`not a decimal amount: '${text}'`);
  const [, sign, whole = '0', fraction = '', exponent = '0'] = match;
  const digits = BigInt(`${whole}${fraction}`) * (sign === '-' ? -1n : 1n);
  const scale = fraction.length - Number(exponent);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

export function addDecimals(amounts: readonly ExactDecimal[]): ExactDecimal {
  const scale = amounts.reduce((most, amount) => Math.max(most, amount.scale), 0);
  let digits = 0n;
  for (const amount of amounts) {
    // Nearly always all of one scale, and a power is dear.
    digits += amount.scale === scale ? amount.digits : amount.digits * 10n ** BigInt(scale - amount.scale);
  }
  return { digits, scale };
}

/** Dollars to nano-dollars, rounded up (towards more spend) where there are more than nine decimals. */
export function decimalToNano(amount: ExactDecimal): NanoUsd {
  if (amount.scale <= 9) return fromBigInt(amount.digits * 10n ** BigInt(9 - amount.scale));
  return fromBigInt(divideUp(amount.digits, 10n ** BigInt(amount.scale - 9)));
}

/** `usd(50)`, `usd('0.10')`: whole or decimal dollars. @throws RangeError on NaN, infinity or out of range */
export function usd(amount: number | string): NanoUsd {
  return decimalToNano(parseDecimal(String(amount)));
}

export function add(...amounts: readonly NanoUsd[]): NanoUsd {
  return nanoUsd(amounts.reduce((sum, amount) => sum + amount, 0));
}

export function subtract(from: NanoUsd, amount: NanoUsd): NanoUsd {
  return nanoUsd(from - amount);
}

/** The amount that is `percent` of a limit, rounded down, so that a threshold never fires late. */
export function percentOf(limit: NanoUsd, percent: number): NanoUsd {
  // A whole percentage of an amount whose product is exact needs no big integers; a tick asks some twenty times.
  const product = limit * percent;
  if (Number.isInteger(percent) && limit >= 0 && percent >= 0 && product <= Number.MAX_SAFE_INTEGER) {
    return nanoUsd(Math.floor(product / 100));
  }
  const scaled = parseDecimal(String(percent));
  return fromBigInt((BigInt(limit) * scaled.digits) / (100n * 10n ** BigInt(scaled.scale)));
}

/**
 * Spend as a percentage of a limit, for people; decisions compare amounts, never this. A whole percentage is whole, however it is then
 * rounded down: $14.50 of $50 is 29.
 */
export function asPercent(spend: NanoUsd, limit: NanoUsd): number {
  return limit === 0 ? Number.POSITIVE_INFINITY : (spend * 100) / limit;
}

/** `$1,234.57`; anything above zero and under a cent is `<$0.01`, so that no spend reads as none. */
export function formatUsd(amount: NanoUsd): string {
  if (amount < 0) return `-${formatUsd(nanoUsd(-amount))}`;
  if (amount > 0 && amount < NANO_PER_USD / 100) return '<$0.01';
  const cents = divideHalfUp(BigInt(amount), BigInt(NANO_PER_USD / 100));
  const whole = (cents / 100n).toString().replace(/\B(?=(\d{3})+$)/g, ',');
  return `$${whole}.${(cents % 100n).toString().padStart(2, '0')}`;
}

/** `a / b` towards positive infinity, for b > 0. */
export function divideUp(a: bigint, b: bigint): bigint {
  return a > 0n ? (a + b - 1n) / b : a / b;
}

function divideHalfUp(a: bigint, b: bigint): bigint {
  return (a + b / 2n) / b;
}

export function fromBigInt(value: bigint): NanoUsd {
  if (value > LARGEST || value < -LARGEST) throw new RangeError(`beyond $9 million: ${value} nano-dollars`);
  return nanoUsd(Number(value));
}

/** Money that does not fit is the largest that does, about $9 million: a count beyond belief must stop, not throw. */
export const MOST: NanoUsd = nanoUsd(Number.MAX_SAFE_INTEGER);

/** The sum, or {@link MOST}. For amounts that are not negative. */
export function addUpTo(...amounts: readonly NanoUsd[]): NanoUsd {
  let sum = ZERO;
  for (const amount of amounts) sum = nanoUsd(Math.min(sum + amount, MOST));
  return sum;
}

/** `amount × factor`, rounded up, or {@link MOST}. */
export function timesUpTo(amount: NanoUsd, factor: number): NanoUsd {
  return nanoUsd(Math.min(Math.ceil(amount * factor), MOST));
}

/** The difference, never below zero. */
export function since(later: NanoUsd, earlier: NanoUsd): NanoUsd {
  return nanoUsd(Math.max(0, later - earlier));
}
