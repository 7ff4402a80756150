import type { Estimate } from '../bill';
import { HOUR_MS } from '../calendar';
import { addUpTo, divideUp, fromBigInt, MOST, nanoUsd, percentOf, ZERO, type NanoUsd } from '../money';
import type { Reading } from '../reading';
import {
  ENVIRONMENT_BUDGET,
  ordersInForce,
  parentOf,
  percentGone,
  periodAt,
  periodEnd,
  periodStart,
  type BudgetNode,
  type BudgetOrder,
  type BudgetOrders,
  type BudgetPath,
  type PeriodKey,
} from '../shared-budgets';
import type { BudgetInPeriod, StoredBudget } from './ports';

/** Percent of a limit; from the first of them on a budget is near its end. */
export const NEAR = [80, 90, 95] as const;

/** The environment's budget and all within it, as they stand at one time. */
export interface BudgetTree {
  /** Each before those that are within it. */
  readonly budgets: readonly BudgetStand[];
  /** Of budgets that are configured no more: they do nothing. Unavailable: so are all orders. */
  readonly strayOrders: Reading<BudgetOrders>;
}

export interface BudgetStand extends BudgetInPeriod {
  readonly depth: number;
  /** ms since the epoch. */
  readonly resetsAt: number;
  readonly configured: NanoUsd;
  /** The order in force, where there is one. */
  readonly order?: BudgetOrder;
  readonly figures: BudgetFigures;
}

export type BudgetFigures =
  | KnownFigures
  /** Nobody has called in this period. */
  | { readonly kind: 'unused' }
  | { readonly kind: 'unavailable'; readonly why: string };

export interface KnownFigures {
  readonly kind: 'known';
  /** Configured or by order, and with what was carried over. */
  readonly limit: NanoUsd;
  readonly carried: NanoUsd;
  /** What callers go by, where they have not heard of `limit` yet. */
  readonly callersLimit?: NanoUsd;
  readonly spent: NanoUsd;
  /** The part of `spent` that was charged without known usage. */
  readonly unsettled: NanoUsd;
  readonly held: NanoUsd;
  /** Below zero where more is spent or held than the limit, as after it was lowered. */
  readonly left: NanoUsd;
  /** What of the limit is spent or held. */
  readonly percent: number;
  /** The highest of {@link NEAR} that is reached. */
  readonly near?: (typeof NEAR)[number];
  /** All of the limit is spent, or more. */
  readonly over: boolean;
  /** Of what is spent, at the period's end. */
  readonly forecast: Estimate;
  /** What was spent in no budget within it. Absent: none is, one is of another period, or it is unknown. */
  readonly itself?: NanoUsd;
}

export interface BudgetTreeInput {
  /** The environment's, as it is configured. */
  readonly limit: NanoUsd;
  readonly nodes: readonly BudgetNode[];
  /** Answers to {@link runningBudgets}, in its order. */
  readonly stored: Reading<readonly Reading<StoredBudget | undefined>[]>;
  readonly orders: Reading<BudgetOrders>;
  readonly now: number;
}

/** What to ask for: the running period of each, each before those that are within it. */
export function runningBudgets(nodes: readonly BudgetNode[], now: number): readonly BudgetInPeriod[] {
  return [
    { path: ENVIRONMENT_BUDGET, period: periodAt('month', now) },
    ...inTreeOrder(nodes).map(({ path, period }) => ({ path, period: periodAt(period, now) })),
  ];
}

export function makeBudgetTree(input: BudgetTreeInput): BudgetTree {
  const { limit, nodes, stored, orders, now } = input;
  const configured = new Map([[ENVIRONMENT_BUDGET, limit], ...nodes.map((node) => [node.path, node.limit] as const)]);
  const inForce = orders.kind === 'known' ? ordersInForce(orders.value, now) : undefined;
  // The environment's limit is the meter's to say, which no order of a budget changes: callers have stored it.
  const wordOn = (path: BudgetPath, said: NanoUsd) => (path === ENVIRONMENT_BUDGET || !inForce ? undefined : said);
  const budgets = runningBudgets(nodes, now).map((asked, at): BudgetStand => {
    const reading = stored.kind === 'known' ? stored.value[at] : stored;
    const { path, period } = asked;
    const order = path === ENVIRONMENT_BUDGET ? undefined : inForce?.[path];
    const own = configured.get(path) ?? ZERO;
    return {
      ...asked,
      depth: path === ENVIRONMENT_BUDGET ? 0 : path.split('/').length,
      resetsAt: periodEnd(period),
      configured: own,
      ...(order && { order }),
      figures: figuresOf(reading, wordOn(path, order?.limit ?? own), period, now),
    };
  });
  return {
    budgets: budgets.map((stand) => withItself(stand, budgets)),
    strayOrders: orders.kind === 'unavailable' ? orders : { kind: 'known', value: strayOf(orders.value, input) },
  };
}

/** Whether one needs attention: nothing is left to spend of it, or nobody knows. */
export function needsAttention({ figures }: BudgetStand): boolean {
  return figures.kind === 'unavailable' || (figures.kind === 'known' && figures.over);
}

/** The one that ends first comes first; what is unknown comes before all, and what nobody has used last. */
export function tightestFirst(budgets: readonly BudgetStand[]): readonly BudgetStand[] {
  const rank = ({ figures }: BudgetStand) => {
    if (figures.kind === 'unavailable') return Number.POSITIVE_INFINITY;
    return figures.kind === 'known' ? figures.percent : Number.NEGATIVE_INFINITY;
  };
  return [...budgets].sort((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)));
}

/** By its parts: as text `a-b` would come between `a` and `a/b`. */
export function inTreeOrder<Node extends { readonly path: BudgetPath }>(nodes: readonly Node[]): readonly Node[] {
  const key = ({ path }: Node) => path.replaceAll('/', '\u0000');
  return [...nodes].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** @param word the limit in force without what is carried over; undefined: that which callers have stored is all that is known */
function figuresOf(
  reading: Reading<StoredBudget | undefined> | undefined,
  word: NanoUsd | undefined,
  period: PeriodKey,
  now: number,
): BudgetFigures {
  if (reading === undefined) return { kind: 'unavailable', why: 'the table gave no answer for it' };
  if (reading.kind === 'unavailable') return reading;
  const { value } = reading;
  if (value === undefined) return { kind: 'unused' };
  try {
    return knownFigures(value, word, period, now);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // Callers can write what they like: one nonsensical item hides no other.
    return { kind: 'unavailable', why: `its amounts make no sense: ${error.message}` };
  }
}

function knownFigures(value: StoredBudget, word: NanoUsd | undefined, period: PeriodKey, now: number): KnownFigures {
  const { carried, spent, unsettled } = value;
  const limit = word === undefined ? value.limit : addUpTo(word, carried);
  const held = nanoUsd(value.limit - spent - value.remaining);
  const left = nanoUsd(limit - spent - held);
  const gone = nanoUsd(spent + held);
  const near = NEAR.findLast((percent) => gone >= percentOf(limit, percent));
  return {
    ...{ kind: 'known', limit, carried, spent, unsettled, held, left },
    ...(limit === value.limit ? {} : { callersLimit: value.limit }),
    percent: percentGone({ limit, remaining: left }),
    ...(near === undefined ? {} : { near }),
    over: spent >= limit,
    forecast: forecastOf(spent, period, now),
  };
}

/** As it went so far, so it goes on. */
function forecastOf(spent: NanoUsd, period: PeriodKey, now: number): Estimate {
  const [start, end] = [periodStart(period), periodEnd(period)];
  const elapsed = now - start;
  if (elapsed < HOUR_MS) return { kind: 'unavailable', why: 'the period began less than an hour ago' };
  const amount = divideUp(BigInt(spent) * BigInt(end - start), BigInt(elapsed));
  return { kind: 'known', amount: amount > BigInt(MOST) ? MOST : fromBigInt(amount) };
}

function strayOf(orders: BudgetOrders, { nodes, now }: BudgetTreeInput): BudgetOrders {
  const configured = new Set(nodes.map(({ path }) => path));
  return Object.fromEntries(Object.entries(ordersInForce(orders, now)).filter(([path]) => !configured.has(path)));
}

function withItself(stand: BudgetStand, all: readonly BudgetStand[]): BudgetStand {
  const { figures } = stand;
  if (figures.kind !== 'known') return stand;
  const within = all.filter(({ path }) => parentOf(path) === stand.path);
  if (within.length === 0 || within.some(({ period }) => period !== stand.period)) return stand;
  let itself: number = figures.spent;
  for (const { figures: one } of within) {
    if (one.kind === 'unavailable') return stand;
    if (one.kind === 'known') itself -= one.spent;
  }
  // They are not read in the same instant: the one within may have been charged meanwhile.
  return itself < 0 ? stand : { ...stand, figures: { ...figures, itself: nanoUsd(itself) } };
}
