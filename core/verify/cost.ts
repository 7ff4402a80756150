import { nanoUsd, usd, type NanoUsd } from '../money';
import { tokenCost, type ModelPrice } from '../prices';
import { looksWithin } from './pauses';
import type { StepId } from './steps';
import {
  CONFIRMATIONS,
  DELAY_CALLS,
  FLIPS,
  LONG_ANSWER_TOKENS,
  MOST_STREAMS,
  NAME_CALLS,
  SERIES_A_NAMES_LOOK,
  WAITS,
} from './work';

/**
 * A prompt of six words, with all that a model's template puts around it. What Bedrock counted is in the record: where it were more, the
 * worst cost would be seen to be wrong.
 */
const MOST_INPUT_TOKENS = 200;

/** As in `core/estimates/self-cost.ts`, whose sources say so. */
const METRIC_ASKED = usd('0.00001');
const COST_EXPLORER_REQUEST = usd('0.01');
/** What ListMetrics costs is in none of those sources: it is counted as a metric that is asked for, and never as nothing. */
const LISTING = METRIC_ASKED;

/** What a step has used, or uses at the most. */
export interface Used {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly seriesAsked: number;
  readonly listings: number;
  readonly costRequests: number;
}

export const NOTHING_USED: Used = {
  inputTokens: 0,
  outputTokens: 0,
  seriesAsked: 0,
  listings: 0,
  costRequests: 0,
};

export function plus(a: Used, b: Partial<Used>): Used {
  return {
    inputTokens: a.inputTokens + (b.inputTokens ?? 0),
    outputTokens: a.outputTokens + (b.outputTokens ?? 0),
    seriesAsked: a.seriesAsked + (b.seriesAsked ?? 0),
    listings: a.listings + (b.listings ?? 0),
    costRequests: a.costRequests + (b.costRequests ?? 0),
  };
}

/** @param price of the model that the step calls */
export function costOf(used: Used, price: Pick<ModelPrice, 'input' | 'output'>): NanoUsd {
  return nanoUsd(
    tokenCost(used.inputTokens, price.input) +
      tokenCost(used.outputTokens, price.output) +
      used.seriesAsked * METRIC_ASKED +
      used.listings * LISTING +
      used.costRequests * COST_EXPLORER_REQUEST,
  );
}

/** The most that a step can use, with every wait to its end. IAM, Bedrock's own API, Budgets and tags are free of charge. */
export function mostUsed(step: StepId): Used {
  switch (step) {
    case 'metric-names': {
      const looks = looksWithin(WAITS.names) + looksWithin(WAITS.names);
      return { ...calls(NAME_CALLS), seriesAsked: (looks + 2) * SERIES_A_NAMES_LOOK, listings: 1 };
    }
    case 'listing-delay': {
      const looks = looksWithin(WAITS.listing) + 1;
      return { ...calls(1), seriesAsked: looks, listings: looks };
    }
    case 'metric-delay': {
      // While calls are made it is looked at between them.
      const looks = looksWithin(WAITS.delay) + looksWithin(WAITS.delayCalls);
      return { ...calls(DELAY_CALLS), seriesAsked: looks };
    }
    case 'deny-latency': {
      const perFlip = 2 * (looksWithin(2 * WAITS.flip) + CONFIRMATIONS);
      const asked = calls(FLIPS * perFlip + looksWithin(2 * WAITS.ready) + CONFIRMATIONS);
      const streams = {
        inputTokens: MOST_STREAMS * MOST_INPUT_TOKENS,
        outputTokens: MOST_STREAMS * LONG_ANSWER_TOKENS,
      };
      return plus(asked, streams);
    }
    case 'budget-tag':
      return { ...NOTHING_USED, costRequests: 1 };
    case 'legacy-refusal':
      return calls(1);
  }
}

function calls(count: number): Used {
  return { ...NOTHING_USED, inputTokens: count * MOST_INPUT_TOKENS, outputTokens: count };
}
