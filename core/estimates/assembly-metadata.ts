import type { NanoUsd } from '../money';
import type { Overshoot } from './overshoot';
import { selfCost, type SelfCostCounts, type SelfCostItem } from './self-cost';

/**
 * What synth writes beside a stack's template and nobody deploys, as the stack's metadata of this type: `spend-guard diff`
 * reads it, priced and worded by the version that synthesized.
 */
export const ESTIMATES_METADATA = 'spend-guard:estimates';

export interface Estimates {
  readonly schemaVersion: 1;
  /** What the guard itself costs a month. */
  readonly ownCost: readonly SelfCostItem[];
  /** What may be spent after a line is reached and before the meter's deny holds. */
  readonly overshoot: {
    /** Of the models whose quota is known. */
    readonly known: { readonly amount: NanoUsd; readonly percentOfLimit: number } | 'unknown';
    /** Models whose part is not in the amount. */
    readonly unknownModels: readonly string[];
  };
}

export function estimates(counts: SelfCostCounts, { known, unknownModels }: Overshoot): Estimates {
  return {
    schemaVersion: 1,
    ownCost: selfCost(counts),
    overshoot: {
      known: known === 'unknown' ? known : { amount: known.amount, percentOfLimit: known.percentOfLimit },
      unknownModels,
    },
  };
}

/** The property that has the guard's custom resources updated by each deployment: a hash of all else in the template. */
export const FINGERPRINT = 'TemplateFingerprint';
