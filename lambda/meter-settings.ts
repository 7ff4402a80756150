import * as z from 'zod/mini';
import type { PicoUsd } from '../core/prices';
import { json } from './env';

const text = z.string().check(z.minLength(1));

const pico = z.pipe(
  z.int().check(z.minimum(0)),
  z.transform((price: number) => price as PicoUsd),
);
const cachePrice = z.pipe(
  z.nullable(pico),
  z.transform((price: PicoUsd | null) => price ?? ('unsupported' as const)),
);

/** `[input, output, cacheRead | null, cacheWrite | null]` in pico-dollars a token: Lambda takes 4 KB of variables in all. */
const price = z.pipe(
  z.tuple([pico, pico, cachePrice, cachePrice]),
  z.transform(([input, output, cacheRead, cacheWrite]) => ({ input, output, cacheRead, cacheWrite })),
);

/** `[model id, 's' | 'l', price, ids that CloudWatch may show]`. */
const model = z.pipe(
  z.tuple([text, z.enum(['s', 'l']), price, z.array(text)]),
  z.transform(([modelId, tier, itsPrice, metricIds]) => ({
    modelId,
    tier: tier === 's' ? ('small' as const) : ('large' as const),
    price: itsPrice,
    metricIds,
  })),
);

/** What whoever reads the tokens in CloudWatch must know to price them. */
export const meterSettings = {
  ENVIRONMENT: text,
  /** `profile`: usage is split by the profiles' ids; `direct`: all of Bedrock in the account is this environment. */
  IDENTITY: z.enum(['profile', 'direct']),
  /** Where tokens are used: each Region has metrics of its own. */
  METER_REGIONS: json(z.array(text).check(z.minLength(1))),
  MODELS: json(z.array(model).check(z.minLength(1))),
  /** Per component, the dearest price of the whole catalogue: what cannot be priced exactly is charged at it. */
  DEAREST: json(price),
  /** The opaque id of the canary's own profile; empty where the Region has none. */
  CANARY_PROFILE_ID: z.string(),
} as const;

const settings = z.object(meterSettings);
export type MeterSettings = z.output<typeof settings>;
/** What the constructs must set. */
export type MeterSettingsVariables = z.input<typeof settings>;

/** The values of MODELS and DEAREST. */
export interface PriceTuple {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number | 'unsupported';
  readonly cacheWrite: number | 'unsupported';
}

/** A price as the variables carry it. */
export function priceTuple({ input, output, cacheRead, cacheWrite }: PriceTuple): readonly (number | null)[] {
  const orNull = (component: number | 'unsupported') => (component === 'unsupported' ? null : component);
  return [input, output, orNull(cacheRead), orNull(cacheWrite)];
}
