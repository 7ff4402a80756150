import { selfCost, type SelfCostCounts, type SelfCostItem } from './self-cost';

/**
 * What synth writes beside a stack's template and nobody deploys, as the stack's metadata of this type: `spend-guard diff`
 * reads it, priced and worded by the version that synthesized.
 */
export const SELF_COST_METADATA = 'spend-guard:self-cost';

export interface SelfCostMetadata {
  readonly schemaVersion: 1;
  readonly items: readonly SelfCostItem[];
}

export function selfCostMetadata(counts: SelfCostCounts): SelfCostMetadata {
  return { schemaVersion: 1, items: selfCost(counts) };
}
