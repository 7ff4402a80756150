import { monthStart, nextMonth, utcMonth, type UtcMonth } from '../../core/calendar';
import { answerCost, type AnswerUsage } from '../../core/in-path';
import { addUpTo, type NanoUsd } from '../../core/money';
import type { ModelPrice } from '../../core/prices';
import { type Replay, COMPONENTS, noTokens, type Tokens, type UsageRow } from '../../core/replay';

/** What a model's usage of a month costs. */
export interface UsedInMonth {
  readonly month: UtcMonth;
  readonly modelId: string;
  /** Absent: nobody knows the price. */
  readonly cost?: NanoUsd;
}

/** The same of every model, and what was spent of it: what is not guarded is not denied either. */
export interface SpentInMonth extends UsedInMonth {
  /** After what the guard denied; absent: nobody knows the price. */
  readonly spent?: NanoUsd;
  readonly guarded: boolean;
}

/** In order of the months, the dearest model first. */
export function byModelAndMonth(
  guarded: Replay['byModelAndMonth'],
  notGuarded: readonly UsedInMonth[],
): readonly SpentInMonth[] {
  return [
    ...guarded.map(({ month, modelId, spent, denied }) => {
      return { month, modelId, cost: addUpTo(spent, denied), spent, guarded: true };
    }),
    ...notGuarded.map((one) => ({
      ...one,
      ...(one.cost === undefined ? {} : { spent: one.cost }),
      guarded: false,
    })),
  ].sort((a, b) => a.month.localeCompare(b.month) || (b.cost ?? 0) - (a.cost ?? 0));
}

/** By UTC month; a sum that spans several is shared out by time, whole tokens, none lost. */
export function usedByMonth(rows: Iterable<UsageRow>, price: ModelPrice | undefined): readonly UsedInMonth[] {
  const months = new Map<UtcMonth, Tokens>();
  let current = { from: 0, to: 0, sums: noTokens() };
  let modelId = '';
  for (const row of rows) {
    modelId = row.modelId;
    // Nearly every row is of the month of the row before.
    if (row.at < current.from || row.at + row.spanMs > current.to) {
      const month = utcMonth(row.at);
      current = { from: monthStart(month), to: monthStart(nextMonth(month)), sums: entry(months, month) };
    }
    if (row.at + row.spanMs <= current.to) add(current.sums, row.tokens);
    else for (const { month, tokens } of sharesOf(row)) add(entry(months, month), tokens);
  }
  return [...months]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([month, tokens]) => ({
      month,
      modelId,
      ...(price === undefined ? {} : { cost: answerCost(tokens, price) }),
    }));
}

function entry(months: Map<UtcMonth, Tokens>, month: UtcMonth): Tokens {
  const sums = months.get(month) ?? noTokens();
  months.set(month, sums);
  return sums;
}

function add(sums: Tokens, tokens: AnswerUsage): void {
  for (const kind of COMPONENTS) sums[kind] += tokens[kind] ?? 0;
}

/** Of a row that goes on beyond its month. */
function sharesOf({
  at,
  spanMs,
  tokens,
}: UsageRow): readonly { readonly month: UtcMonth; readonly tokens: AnswerUsage }[] {
  const end = at + spanMs;
  const cuts = [at];
  for (let from = monthStart(nextMonth(utcMonth(at))); from < end; from = monthStart(nextMonth(utcMonth(from)))) {
    cuts.push(from);
  }
  return cuts.map((cut, index) => {
    const until = cuts[index + 1] ?? end;
    const share = (total: number) =>
      Math.floor((total * (until - at)) / spanMs) - Math.floor((total * (cut - at)) / spanMs);
    const parts = Object.fromEntries(COMPONENTS.map((kind) => [kind, share(tokens[kind] ?? 0)]));
    return { month: utcMonth(cut), tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, ...parts } };
  });
}
