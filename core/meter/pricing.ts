import { type NanoUsd, MOST } from '../money';
import { tokenCost, type ModelPrice, type PicoUsd } from '../prices';
import { MANTLE, type HourlyTokens } from './series';
import type { Point, UsageClass, UsageResolution } from './types';

/** Usage that is charged to this environment. */
export type CountedClass = Extract<UsageClass, { kind: 'ours' | 'listed' | 'unattributed' }>;

/** Whose a series is; undefined where nobody can tell, which is a finding and never a zero. */
export function classOf({ metricId }: HourlyTokens, { classes, metering }: UsageResolution): UsageClass | undefined {
  if (Object.hasOwn(classes, metricId)) return classes[metricId];
  // Where the account is metered everything unclaimed counts; else an id nobody has resolved may be a neighbour's (trap 39).
  return metering === 'account' ? { kind: 'unattributed' } : undefined;
}

/** What a token of a series costs; without a price of its own, the dearest known one. */
export function priceOf(series: HourlyTokens, counted: CountedClass, { dearest }: UsageResolution): PicoUsd {
  switch (counted.kind) {
    case 'ours':
      return componentPrice(counted.model.price, series);
    case 'listed':
      return componentPrice(counted.price, series);
    case 'unattributed':
      return componentPrice(dearest, series);
  }
}

export function isCounted(whose: UsageClass | undefined): whose is CountedClass {
  return whose?.kind === 'ours' || whose?.kind === 'listed' || whose?.kind === 'unattributed';
}

/** The base model id that usage is reported under, or the id in CloudWatch where no model is known behind it. */
export function modelOf(counted: CountedClass, metricId: string): string {
  switch (counted.kind) {
    case 'ours':
      return counted.model.modelId;
    case 'listed':
      return counted.modelId;
    case 'unattributed':
      return metricId;
  }
}

/** Cache tokens of a model without a cache price are charged as input; Mantle's input may hold cache writes. */
function componentPrice(price: ModelPrice, { component, namespace }: HourlyTokens): PicoUsd {
  const known = orInput(price[component], price);
  if (namespace !== MANTLE || component !== 'input') return known;
  return Math.max(known, orInput(price.cacheWrite, price)) as PicoUsd;
}

function orInput(own: PicoUsd | 'unsupported', { input }: ModelPrice): PicoUsd {
  return own === 'unsupported' ? input : own;
}

/** Rounded up once; a count beyond belief costs the most that there is. */
export function cost(tokens: number, price: PicoUsd): NanoUsd {
  try {
    return tokenCost(tokens, price);
  } catch (error) {
    if (error instanceof RangeError) return MOST;
    throw error;
  }
}

/** Tokens of the hours in [from, to), which begin and end with an hour. */
export function tokensIn(hours: readonly Point[], from: number, to: number): number {
  let tokens = 0;
  for (const { at, value } of hours) if (at >= from && at < to) tokens += value;
  return tokens;
}
