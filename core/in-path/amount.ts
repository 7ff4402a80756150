import { add, nanoUsd, ZERO, type NanoUsd } from '../money';
import { priceOfContext, tokenCost, type ContextPrices } from '../prices';
import { MEDIA, type MediaKind } from './media';
import type { RequestShape } from './request';

/** Tokens that one piece of media counts as at most; absent: not known, and a request with one is refused. */
export type MediaTokens = Readonly<Partial<Record<MediaKind, number>>>;

export interface Bounds {
  readonly mediaTokens?: MediaTokens;
  /** A guardrail's text units are no tokens: with `allow` they are left to the meter and the bill. */
  readonly guardrails?: 'refuse' | 'allow';
}

/** What roles and separators of a chat template add to a message, and a tool prompt to a request (sdk-plugin facts, 4). */
const TOKENS_PER_MESSAGE = 16;
const TOKENS_FOR_TOOLS = 600;
/** Above these a context is long, and may have a price of its own: https://platform.claude.com/docs/en/about-claude/pricing, long context (2026-11). */
const LONG_CONTEXT = 200_000;

const PICO_PER_NANO = 1_000;
/** Far from what a month costs, and far enough from where a number is no longer whole to add the input's price to it. */
const MOST_NANO = Number.MAX_SAFE_INTEGER / 2;

/**
 * The most that a request can cost, or why that is not known. A tokenizer makes at most one token of a byte, taken after
 * the normalisation that some begin with; so `textBytes` is the larger of the body's bytes before and after NFKC.
 */
export function mostItCosts(
  shape: RequestShape,
  textBytes: number,
  prices: ContextPrices,
  bounds: Bounds = {},
): { readonly amount: NanoUsd; readonly inputTokens: number } | { readonly unknown: string } {
  const [unpriced] = shape.unpriced;
  if (unpriced !== undefined) return { unknown: `it asks for ${unpriced}, which has a price of its own` };
  if (shape.guardrail && bounds.guardrails !== 'allow') {
    return {
      unknown:
        "it applies a guardrail, whose text units are not priced (`guardrails: 'allow'` leaves them to the meter)",
    };
  }
  const maxTokens = shape.maxTokens ?? Number.NaN;
  const isBounded = shape.noAnswer === true ? maxTokens === 0 : isCount(maxTokens);
  if (!isBounded) return { unknown: `its limit of tokens is ${String(shape.maxTokens)}` };
  if (!isCount(shape.answers)) return { unknown: 'the number of answers it asks for is not a whole number' };
  let media = 0;
  for (const kind of MEDIA) {
    const pieces = shape.media[kind] ?? 0;
    if (pieces === 0) continue;
    const each = bounds.mediaTokens?.[kind];
    if (each === undefined) {
      return {
        unknown: `the bytes of its ${kind} do not tell its tokens (set \`mediaTokens.${kind}\`)`,
      };
    }
    media += pieces * each;
  }
  const text = Math.max(0, textBytes - shape.mediaBytes);
  const inputTokens = text + media + TOKENS_PER_MESSAGE * shape.messages + (shape.tools ? TOKENS_FOR_TOOLS : 0);
  if (shape.longContext !== undefined && prices.shortContext === undefined && inputTokens > LONG_CONTEXT) {
    return {
      unknown: `it asks for a long context ('${shape.longContext}') and may be above ${LONG_CONTEXT} tokens, for which the config has no price`,
    };
  }
  const price = priceOfContext(prices, inputTokens);
  if ((maxTokens * price.output * shape.answers) / PICO_PER_NANO > MOST_NANO) {
    return { unknown: `with its limit of tokens, ${maxTokens}, it may cost more than can be counted` };
  }
  const read = tokenCost(inputTokens, price.input);
  const written =
    shape.cacheWrite && price.cacheWrite !== 'unsupported' ? tokenCost(inputTokens, price.cacheWrite) : ZERO;
  const answers = nanoUsd(tokenCost(maxTokens, price.output) * shape.answers);
  return { amount: add(nanoUsd(Math.max(read, written)), answers), inputTokens };
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 1;
}
