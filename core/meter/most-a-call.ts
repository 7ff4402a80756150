import { addUpTo, nanoUsd, timesUpTo, type NanoUsd } from '../money';
import { tokenCost, type ModelPrice, type PicoUsd } from '../prices';
import { DEAR_TIER_COUNTS } from './series';

export interface CalledModel {
  /** What its tokens are counted at. */
  readonly price: ModelPrice;
  /** Tokens that a request and its answer may have; absent: no list gives it. */
  readonly contextTokens?: number;
  /** The longest answer that any document gives; absent: as long as the context. */
  readonly longestAnswerTokens?: number;
}

/**
 * What no call of any of the models can cost more than, as the meter counts it: a whole context of the dearest kind of input,
 * and the longest answer, twice. Twice since the dear service tiers count double; a call in which a model is run again over its
 * own context, for a tool of the server's, is within it too. Whether it holds is held against every read.
 */
export function mostACall(models: readonly CalledModel[]): NanoUsd | 'unknown' {
  const each = models.map(ofModel);
  if (each.length === 0 || each.some((one) => one === undefined)) return 'unknown';
  return timesUpTo(nanoUsd(Math.max(...each.map(Number))), DEAR_TIER_COUNTS);
}

function ofModel({ price, contextTokens, longestAnswerTokens }: CalledModel): NanoUsd | undefined {
  if (contextTokens === undefined) return undefined;
  const orInput = (component: PicoUsd | 'unsupported') => (component === 'unsupported' ? price.input : component);
  const dearest = Math.max(price.input, orInput(price.cacheRead), orInput(price.cacheWrite)) as PicoUsd;
  return addUpTo(
    tokenCost(contextTokens, dearest),
    tokenCost(Math.min(longestAnswerTokens ?? contextTokens, contextTokens), price.output),
  );
}
