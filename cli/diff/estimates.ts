import * as z from 'zod';
import { ESTIMATES_METADATA, type Estimates, selfCostTotal } from '../../core/estimates';
import { formatUsd, type NanoUsd } from '../../core/money';
import type { AssemblyStack } from './assembly';

/** What the guard itself costs, and how late a stop may be, as the version that synthesized estimated it. */
export type EstimatesReading =
  { readonly kind: 'known'; readonly estimates: Estimates } | { readonly kind: 'unknown'; readonly why: string };

const nanoUsd = z.custom<NanoUsd>((value) => Number.isSafeInteger(value));
const written: z.ZodType<Estimates> = z.object({
  schemaVersion: z.literal(1),
  ownCost: z.array(
    z.object({
      what: z.string(),
      freeTierLeft: nanoUsd,
      freeTierUsedUp: nanoUsd,
      busy: nanoUsd,
      leftOutBy: z.string().optional(),
    }),
  ),
  overshoot: z.object({
    known: z.union([z.object({ amount: nanoUsd, percentOfLimit: z.number() }), z.literal('unknown')]),
    unknownModels: z.array(z.string()),
  }),
});

export function readEstimates({ metadata }: Pick<AssemblyStack, 'metadata'>): EstimatesReading {
  const data = metadata.get(ESTIMATES_METADATA);
  if (data === undefined) return { kind: 'unknown', why: 'the version that synthesized it does not write it' };
  const parsed = written.safeParse(data);
  if (!parsed.success) return { kind: 'unknown', why: 'it was written by a version that this one does not know' };
  return { kind: 'known', estimates: parsed.data };
}

/** @param reading undefined: the stack is not there */
export function ownCostText(reading: EstimatesReading | undefined): string {
  if (reading === undefined) return 'nothing';
  if (reading.kind === 'unknown') return `unknown (${reading.why})`;
  const { freeTierLeft, freeTierUsedUp, busy } = selfCostTotal(reading.estimates.ownCost);
  return `${formatUsd(freeTierLeft)} (${formatUsd(freeTierUsedUp)} once the free tier is used up, ${formatUsd(busy)} with calls at all hours)`;
}

/** @param reading undefined: the stack is not there */
export function overshootText(reading: EstimatesReading | undefined): string {
  if (reading === undefined) return 'no guard';
  if (reading.kind === 'unknown') return `unknown (${reading.why})`;
  const { known, unknownModels } = reading.estimates.overshoot;
  if (known === 'unknown') return 'unknown (no model has a known quota)';
  const more = unknownModels.length > 0 ? `, and more by ${unknownModels.join(', ')}` : '';
  return `${formatUsd(known.amount)}, ${known.percentOfLimit.toFixed(1)}% of the limit${more}`;
}
