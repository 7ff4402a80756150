import * as z from 'zod';
import { SELF_COST_METADATA } from '../../core/assembly-metadata';
import type { NanoUsd } from '../../core/money';
import { selfCostTotal, type SelfCostItem } from '../../core/self-cost';
import type { AssemblyStack } from './assembly';

/** What the guard itself costs a month, as the version that synthesized counted it. */
export type OwnCost =
  | {
      readonly kind: 'known';
      readonly items: readonly SelfCostItem[];
      readonly total: Omit<SelfCostItem, 'what'>;
    }
  | { readonly kind: 'unknown'; readonly why: string };

const nanoUsd = z.custom<NanoUsd>((value) => Number.isSafeInteger(value));
const written = z.object({
  schemaVersion: z.literal(1),
  items: z.array(z.object({ what: z.string(), freeTierLeft: nanoUsd, freeTierUsedUp: nanoUsd, busy: nanoUsd })),
});

export function ownCost({ metadata }: AssemblyStack): OwnCost {
  const data = metadata.get(SELF_COST_METADATA);
  if (data === undefined) return { kind: 'unknown', why: 'the version that synthesized it does not write it' };
  const parsed = written.safeParse(data);
  if (!parsed.success) return { kind: 'unknown', why: 'it was written by a version that this one does not know' };
  const { items } = parsed.data;
  return { kind: 'known', items, total: selfCostTotal(items) };
}
