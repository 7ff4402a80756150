import * as z from 'zod/mini';
import type { PriceList, MeteredModel } from '../core/meter';
import type { PicoUsd } from '../core/prices';
import { json } from './env';
import { profileIds, profilesByModel } from './profile-ids';

const text = z.string().check(z.minLength(1));

const pico = z.pipe(
  z.int().check(z.minimum(0)),
  z.transform((price: number) => price as PicoUsd),
);
const cachePrice = z.pipe(
  z.nullable(pico),
  z.transform((price: PicoUsd | null) => price ?? ('unsupported' as const)),
);

/** `[input, output, cacheRead | null, cacheWrite | null, cacheWrite5m?]` in pico-dollars a token, the last where both lives have a price. */
const price = z.pipe(
  z.tuple([pico, pico, cachePrice, cachePrice, z.optional(pico)]),
  z.transform(([input, output, cacheRead, cacheWrite, cacheWrite5m]) => ({
    input,
    output,
    cacheRead,
    cacheWrite,
    ...(cacheWrite5m !== undefined && { cacheWrite5m }),
  })),
);

const model = z.object({
  /** As the configuration names it: unique. */
  id: text,
  /** Base model id. */
  modelId: text,
  /** The system-defined profile or the model behind the call. */
  calledId: text,
  tier: z.enum(['small', 'large']),
  price,
  /** What CloudWatch shows for it beside the own profile; counts where METERING is `account`. */
  metricIds: z.array(text),
  /** Key of the own profile's id in PROFILE_IDS; absent where it is called without one. */
  profile: z.optional(text),
});

/** Base model id → scope, empty for none → price: every id of the price library. */
const prices = z.pipe(
  z.record(text, z.record(z.string(), price)),
  z.transform(
    (bases): PriceList =>
      new Map(
        Object.entries(bases).flatMap(([baseId, scopes]) =>
          Object.entries(scopes).map(
            ([scope, one]) => [scope === '' ? baseId : `${scope}.${baseId}`, { baseId, price: one }] as const,
          ),
        ),
      ),
  ),
);

/** What whoever reads the tokens in CloudWatch must know to price them. */
export const meterSettings = {
  ENVIRONMENT: text,
  /** `profile`: the bill is split by the profiles' tags; `direct`: all of Bedrock in the account is this environment's. */
  IDENTITY: z.enum(['profile', 'direct']),
  /** `profiles`: what goes through the own profiles counts; `account`: all that no other environment's profile claims. */
  METERING: z.enum(['profiles', 'account']),
  /** Where tokens are used: each Region has metrics of its own. */
  METER_REGIONS: json(z.array(text).check(z.minLength(1))),
  MODELS: json(z.array(model).check(z.minLength(1))),
  PROFILE_IDS: profileIds,
  PRICES: json(prices),
  /** Per component, the dearest of the price library and the configuration: what has no price is charged at it. */
  DEAREST: json(price),
  /** The opaque id of the canary's own profile; empty where the Region has none. */
  CANARY_PROFILE_ID: z.string(),
} as const;

const settings = z.object(meterSettings);
type Parsed = z.output<typeof settings>;
/** What the constructs must set. */
export type MeterSettingsVariables = z.input<typeof settings>;

export interface MeterSettings extends Omit<Parsed, 'MODELS' | 'PROFILE_IDS'> {
  readonly MODELS: readonly MeteredModel[];
}

/** Each model with all ids that CloudWatch may show for it. @throws GuardError ENVIRONMENT_INVALID, see `profilesByModel` */
export function meteredModels({
  MODELS,
  PROFILE_IDS,
  METERING,
}: Pick<Parsed, 'MODELS' | 'PROFILE_IDS' | 'METERING'>): readonly MeteredModel[] {
  const profiles = profilesByModel(MODELS, PROFILE_IDS);
  return MODELS.map(({ id, modelId, calledId, tier, price: its, metricIds }) => {
    const own = profiles.get(id);
    const besides = METERING === 'profiles' ? [] : metricIds;
    return { id, modelId, calledId, tier, price: its, metricIds: own === undefined ? besides : [own, ...besides] };
  });
}

/** The values of MODELS, PRICES and DEAREST. */
export interface PriceTuple {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number | 'unsupported';
  readonly cacheWrite: number | 'unsupported';
  readonly cacheWrite5m?: number;
}

/** A price as the settings carry it. */
export function priceTuple(price: PriceTuple): readonly (number | null)[] {
  const { input, output, cacheRead, cacheWrite, cacheWrite5m } = price;
  const orNull = (component: number | 'unsupported') => (component === 'unsupported' ? null : component);
  const lives = cacheWrite5m === undefined ? [] : [cacheWrite5m];
  return [input, output, orNull(cacheRead), orNull(cacheWrite), ...lives];
}
