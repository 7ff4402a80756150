import {
  findModel,
  type EnvironmentConfig,
  type ResolvedModel,
  libraryPrice,
  PRICE_LIBRARY,
  splitId,
  calledId,
} from '../../config';
import { answerCost } from '../../core/in-path';
import { DEAR_TIER_COUNTS, isDearTierName } from '../../core/meter';
import { addUpTo, formatUsd, ZERO, type NanoUsd } from '../../core/money';
import type { ModelPrice, PicoUsd } from '../../core/prices';
import type { PricedModel, UsageRow, UsageTable } from '../../core/replay';
import { UsageError } from '../errors';
import type { Line } from '../result';
import { usedByMonth, type UsedInMonth } from './by-month';
import { tierOf, withoutTier } from './model-names';

/** A model of a usage that an environment does not have. */
export interface NotGuarded {
  readonly modelId: string;
  readonly tokens: number;
  /** By the price library; undefined: it has no price for it, which is unknown and not zero. */
  readonly cost: NanoUsd | undefined;
  /** Of the whole usage, in percent: of its cost, or of its tokens where the cost is unknown. */
  readonly sharePercent: number;
}

/** A usage as one environment sees it. */
export interface Covered {
  readonly rows: Iterable<UsageRow>;
  readonly models: readonly PricedModel[];
  readonly notGuarded: readonly NotGuarded[];
  /** What is not guarded, by model and month. */
  readonly notGuardedByMonth: readonly UsedInMonth[];
  /** What a person should know of the prices. */
  readonly remarks: readonly string[];
}

/**
 * Which of a usage's series an environment guards, and at what price: by the model behind the scope, as IAM sees it, and at the
 * price of the scope that was called. A series without a scope is called as the configuration calls it.
 * @throws UsageError on tokens that cost more than $9 million
 */
export function covered(table: UsageTable, { models }: EnvironmentConfig): Covered {
  const priced = table.seriesIds.map((series) => ({
    series,
    ...pricedSeries(series, models),
    totals: table.totals(series),
  }));
  const costs = priced.map(({ series, price, totals }) => (price === undefined ? ZERO : costOf(series, totals, price)));
  const all = addUpTo(ZERO, ...costs);
  const tokens = priced.map(({ totals }) => totals.input + totals.output + totals.cacheRead + totals.cacheWrite);
  const allTokens = tokens.reduce((sum, one) => sum + one, 0);
  return {
    rows: table.of(new Set(priced.flatMap(({ series, tier }) => (tier === undefined ? [] : [series])))),
    models: priced.flatMap(({ series: id, tier, price }) => (tier && price ? [{ id, tier, price }] : [])),
    notGuarded: priced.flatMap(({ series: modelId, tier, price }, at): NotGuarded[] => {
      if (tier !== undefined) return [];
      const cost = costs[at] ?? ZERO;
      const share = price === undefined ? (tokens[at] ?? 0) / allTokens : cost / all;
      return [
        {
          modelId,
          tokens: tokens[at] ?? 0,
          cost: price === undefined ? undefined : cost,
          sharePercent: Number.isFinite(share) ? Math.round(share * 1_000) / 10 : 0,
        },
      ];
    }),
    notGuardedByMonth: priced.flatMap(({ series, tier, price }) =>
      tier === undefined ? usedByMonth(table.of(new Set([series])), price) : [],
    ),
    remarks: priced.flatMap(({ remark }) => (remark === undefined ? [] : [remark])),
  };
}

/** @throws UsageError beyond what money holds here: such counts are a mistake of the file */
function costOf(series: string, totals: UsageRow['tokens'], price: ModelPrice): NanoUsd {
  try {
    return answerCost(totals, price);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new UsageError(
      `--usage: the tokens of ${series} would cost more than $9 million: are they counts of tokens?`,
    );
  }
}

interface PricedSeries {
  /** Undefined: not guarded. */
  readonly tier?: 'small' | 'large';
  /** Undefined: nobody knows it. */
  readonly price?: ModelPrice;
  readonly remark?: string;
}

function pricedSeries(series: string, models: readonly ResolvedModel[]): PricedSeries {
  const id = withoutTier(series);
  const { baseId, scope } = splitId(id);
  const same = models.filter(({ route, id: own }) => own === id || route.modelId === baseId);
  const called = same.find(({ id: own, route }) => own === id || calledId(route) === id);
  const [first] = same;
  const found = called ?? (scope === undefined ? first : undefined);
  const listed = libraryPrice(id, findModel(baseId));
  const own = found?.price ?? ('price' in listed ? listed.price : first?.price);
  if (own === undefined) return first === undefined ? {} : { tier: first.tier };
  const dear = isDearTierName(tierOf(series));
  const remarks = [
    ...(found === undefined && first !== undefined && !('price' in listed)
      ? [`${id} has no price of its own: counted at that of ${calledId(first.route)}`]
      : []),
    ...(dear ? [`${series} counts ${DEAR_TIER_COUNTS} times: the price library knows the standard tier only`] : []),
  ];
  return {
    ...(first === undefined ? {} : { tier: first.tier }),
    price: dear ? timesPrice(own, DEAR_TIER_COUNTS) : own,
    ...(remarks.length === 0 ? {} : { remark: remarks.join('; ') }),
  };
}

function timesPrice(price: ModelPrice, times: number): ModelPrice {
  const more = (one: PicoUsd): PicoUsd => (one * times) as PicoUsd;
  const cache = (one: ModelPrice['cacheRead']) => (one === 'unsupported' ? one : more(one));
  return {
    input: more(price.input),
    output: more(price.output),
    cacheRead: cache(price.cacheRead),
    cacheWrite: cache(price.cacheWrite),
    ...(price.cacheWrite5m === undefined ? {} : { cacheWrite5m: more(price.cacheWrite5m) }),
    ...(price.cacheWrite1h === undefined ? {} : { cacheWrite1h: more(price.cacheWrite1h) }),
  };
}

/** For people. */
export function notGuardedLines(name: string, { notGuarded, remarks }: Covered): readonly Line[] {
  return [
    ...notGuarded.map(({ modelId, cost, tokens, sharePercent }): Line => {
      const amount =
        cost === undefined
          ? `price unknown, ${sharePercent}% of all tokens (${tokens}), in no sum here`
          : `${formatUsd(cost)} by ${PRICE_LIBRARY}, ${sharePercent}% of all`;
      return { text: `  not guarded: ${modelId}, which ${name} does not have: ${amount}`, tone: 'warning' };
    }),
    ...remarks.map((text) => `  ${text}`),
  ];
}
