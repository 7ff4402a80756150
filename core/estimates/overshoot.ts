import { addUpTo, timesUpTo, asPercent, formatUsd, nanoUsd, ZERO, type NanoUsd } from '../money';
import { tokenCost, type ModelPrice, type PicoUsd } from '../prices';

/** What may be spent after the line is reached and before the deny holds. An estimate: nothing here is a bound (trap 20). */
export interface OvershootInput {
  readonly models: readonly {
    readonly id: string;
    readonly price: ModelPrice;
    /** Absent: no document gives it, and the model's part is unknown. */
    readonly quota?: { readonly tokensPerMinute: number; readonly burndown: number; readonly source: string };
  }[];
  readonly limit: NanoUsd;
  readonly assumptions: OvershootAssumptions;
}

/** From tokens that are counted to a deny that holds; how each minute comes about is in the case table of `seen-at-once.test.ts`. */
export interface Reaction {
  readonly metricDelayMinutes: number;
  readonly tickMinutes: number;
  readonly enforcementMinutes: number;
}

/** The same sum wherever it counts: in the estimate, in the projection that stops early, and in the table that measures it. */
export function reactionMinutes({ metricDelayMinutes, tickMinutes, enforcementMinutes }: Reaction): number {
  return metricDelayMinutes + tickMinutes + enforcementMinutes;
}

export interface OvershootAssumptions extends Reaction {
  /** Tokens are counted only when an answer is complete, and a deny does not end what runs. */
  readonly longestGenerationMinutes: number;
  /** Cache reads use no quota, so nothing limits them: tokens read from a cache for each token of quota. */
  readonly cacheReadPerQuotaToken: number;
}

export interface ModelRate {
  readonly id: string;
  readonly rate:
    { readonly kind: 'known'; readonly perMinute: NanoUsd; readonly source: string } | { readonly kind: 'unknown' };
}

export interface Overshoot {
  readonly minutes: number;
  readonly models: readonly ModelRate[];
  /** Over the models whose quota is known. `unknown` when none is. */
  readonly known:
    { readonly perMinute: NanoUsd; readonly amount: NanoUsd; readonly percentOfLimit: number } | 'unknown';
  /** Models without a known quota: the amount is more than `known` by theirs. */
  readonly unknownModels: readonly string[];
  readonly limit: NanoUsd;
  readonly assumptions: OvershootAssumptions;
}

export function overshoot({ models, limit, assumptions }: OvershootInput): Overshoot {
  const minutes = assumptions.longestGenerationMinutes + reactionMinutes(assumptions);
  const rates = models.map((model): ModelRate => ({ id: model.id, rate: rateOf(model, assumptions) }));
  const known = rates.flatMap(({ rate }) => (rate.kind === 'known' ? [rate.perMinute] : []));
  const perMinute = addUpTo(...known);
  const amount = timesUpTo(perMinute, minutes);
  return {
    minutes,
    models: rates,
    known: known.length === 0 ? 'unknown' : { perMinute, amount, percentOfLimit: asPercent(amount, limit) },
    unknownModels: rates.filter(({ rate }) => rate.kind === 'unknown').map(({ id }) => id),
    limit,
    assumptions,
  };
}

/** For pacing: the rate of all models, or unknown where one of them is. */
export function worstCaseRate({ known, unknownModels }: Overshoot): NanoUsd | 'unknown' {
  return known === 'unknown' || unknownModels.length > 0 ? 'unknown' : known.perMinute;
}

/** Whether the config must say that it knows: what is known is more than the whole limit. */
export function mustAcknowledge({ known }: Overshoot): boolean {
  return known !== 'unknown' && known.percentOfLimit > 100;
}

/** For synth: the estimate first, then each assumption. */
export function overshootLines(environment: string, estimate: Overshoot): readonly string[] {
  const { known, unknownModels, assumptions, minutes, limit } = estimate;
  const more = unknownModels.length > 0 ? ', and more by the models whose quota is unknown' : '';
  const head =
    known === 'unknown'
      ? `${environment}: overshoot of the meter unknown: no model has a known quota`
      : `${environment}: estimated overshoot of the meter ${formatUsd(known.amount)}, ${known.percentOfLimit.toFixed(1)}% of ${formatUsd(limit)}${more}`;
  return [
    head,
    `  within ${minutes} minutes: longest generation ${assumptions.longestGenerationMinutes}, metric delay ${assumptions.metricDelayMinutes}, tick ${assumptions.tickMinutes}, enforcement ${assumptions.enforcementMinutes}`,
    `  ${assumptions.cacheReadPerQuotaToken} cached tokens read for each token of quota (cache reads use no quota)`,
    ...estimate.models.map(({ id, rate }) =>
      rate.kind === 'known'
        ? `  ${id}: ${formatUsd(rate.perMinute)} a minute (${rate.source})`
        : `  ${id}: quota unknown, so is its part of the overshoot`,
    ),
  ];
}

function rateOf(
  { price, quota }: OvershootInput['models'][number],
  assumptions: OvershootAssumptions,
): ModelRate['rate'] {
  if (quota === undefined) return { kind: 'unknown' };
  const { tokensPerMinute, burndown, source } = quota;
  const orInput = (component: PicoUsd | 'unsupported') => (component === 'unsupported' ? price.input : component);
  const uses = [
    tokenCost(tokensPerMinute, price.input),
    tokenCost(tokensPerMinute, orInput(price.cacheWrite)),
    tokenCost(Math.ceil(tokensPerMinute / burndown), price.output),
  ];
  const cached = Math.ceil(tokensPerMinute * assumptions.cacheReadPerQuotaToken);
  const cacheRead = price.cacheRead === 'unsupported' ? ZERO : tokenCost(cached, price.cacheRead);
  return { kind: 'known', perMinute: addUpTo(nanoUsd(Math.max(...uses)), cacheRead), source };
}
