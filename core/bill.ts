import { addDays, firstDay, previousMonth, utcDay, utcMonth, type UtcDay } from './calendar';
import { isBedrockService } from './bedrock-services';
import { addDecimals, decimalToNano, ZERO, type ExactDecimal, type NanoUsd } from './money';
import type { CostAnswer, CostQuery, CostRow } from './ports/cost-explorer';

/** How the account's bill is split among environments. */
export type BillScope =
  | { readonly identity: 'profile'; readonly tagKey: string; readonly environment: string }
  | { readonly identity: 'direct' };

export interface Amount {
  readonly name: string;
  readonly amount: NanoUsd;
}

/** Bedrock on the bill of the month so far, in US dollars. */
export interface Bill {
  readonly kind: 'known';
  readonly monthToDate: NanoUsd;
  /** No line of this environment is on this month's bill yet: what was used is not known, and not nothing. */
  readonly nothingYet: boolean;
  readonly lastMonth: NanoUsd;
  /** This month and the one before; a day without a row was billed nothing yet. */
  readonly byDay: ReadonlyMap<UtcDay, NanoUsd>;
  /** Largest first. */
  readonly byService: readonly Amount[];
  /** All names of Bedrock in the account this month, whoever used them. */
  readonly billedServices: readonly string[];
  /** Bedrock that carries no environment's tag: no guard stops it. */
  readonly untagged: NanoUsd;
  /** Bedrock that carries another environment's tag: its own guard counts it. */
  readonly foreign: NanoUsd;
}

export type BillReading = Bill | { readonly kind: 'unavailable'; readonly why: string; readonly retryable: boolean };

/**
 * From the first of the month before, so that the first days of a month have a usual day; to tomorrow, as the end is
 * exclusive and an empty period is refused on day 1. All services: what belongs to Bedrock is decided by `isBedrockService`,
 * because Cost Explorer can only compare names exactly (trap 1).
 */
export function billQuery(scope: BillScope, now: number): CostQuery {
  return {
    from: firstDay(previousMonth(utcMonth(now))),
    to: addDays(utcDay(now), 1),
    granularity: 'DAILY',
    groupBy: [
      ...(scope.identity === 'profile' ? [{ kind: 'TAG', key: scope.tagKey } as const] : []),
      { kind: 'SERVICE' } as const,
    ],
  };
}

/** What the month's spend was for: this environment's part, under the names of Bedrock that the bill has. */
export function modelQuery(scope: BillScope, services: readonly string[], now: number): CostQuery {
  return {
    from: firstDay(utcMonth(now)),
    to: addDays(utcDay(now), 1),
    granularity: 'MONTHLY',
    groupBy: [{ kind: 'SERVICE' }, { kind: 'USAGE_TYPE' }],
    services,
    ...(scope.identity === 'profile' ? { tag: { key: scope.tagKey, value: scope.environment } } : {}),
  };
}

export function readBill(answer: CostAnswer, scope: BillScope, now: number): BillReading {
  if (answer.kind === 'unavailable') return answer;
  const rows = answer.rows
    .map((row) => ({
      row,
      tag: scope.identity === 'profile' ? row.keys[0] : undefined,
      service: row.keys.at(-1) ?? '',
    }))
    .filter(({ service }) => isBedrockService(service));
  const currency = otherCurrency(rows.map(({ row }) => row));
  if (currency !== undefined) {
    return {
      kind: 'unavailable',
      why: `the bill is in ${currency}, not in USD: nothing is converted`,
      retryable: false,
    };
  }
  const thisMonth = rows.filter(({ row }) => row.day >= firstDay(utcMonth(now)));
  const isOurs = ({ tag }: { tag: string | undefined }) => scope.identity === 'direct' || tag === scope.environment;
  const ours = thisMonth.filter(isOurs);
  const lastMonth = rows.filter((one) => isOurs(one) && one.row.day < firstDay(utcMonth(now)));
  const amountOf = (of: readonly { row: CostRow }[]) => total(of.map(({ row }) => row.amount));
  const others = thisMonth.filter((one) => !isOurs(one));
  return {
    kind: 'known',
    monthToDate: amountOf(ours),
    nothingYet: ours.length === 0,
    lastMonth: amountOf(lastMonth),
    byDay: new Map(groups(rows.filter(isOurs), ({ row }) => row.day, amountOf)),
    byService: amounts(groups(ours, ({ service }) => service, amountOf)),
    billedServices: [...new Set(thisMonth.map(({ service }) => service))].sort(),
    untagged: amountOf(others.filter(({ tag }) => tag === '')),
    foreign: amountOf(others.filter(({ tag }) => tag !== '')),
  };
}

export type ModelReading =
  | { readonly kind: 'known'; readonly byModel: readonly Amount[] }
  | { readonly kind: 'unavailable'; readonly why: string };

export function readModels(answer: CostAnswer): ModelReading {
  if (answer.kind === 'unavailable') return { kind: 'unavailable', why: answer.why };
  const label = ({ keys }: CostRow) => modelLabel(keys[0] ?? '', keys[1] ?? '');
  return {
    kind: 'known',
    byModel: amounts(groups(answer.rows, label, (rows) => total(rows.map(({ amount }) => amount)))),
  };
}

/**
 * The model in a usage type, such as `Nova2.0Lite` in `USE1-Nova2.0Lite-input-tokens`. What is sold through Marketplace has
 * the model in the service's name instead. A usage type of another shape is shown as it is, never dropped.
 */
export function modelLabel(service: string, usageType: string): string {
  const sold = /^(.+) \(Amazon Bedrock Edition\)$/.exec(service)?.[1];
  if (sold !== undefined) return sold;
  const named =
    /^(?:[A-Z]{2,4}\d{0,2}-)?(.+?)-(?:input|output|cache-?read|cache-?write|cached)(?:-[a-z0-9-]*)?-?tokens?\b/i.exec(
      usageType,
    );
  return named?.[1] ?? usageType;
}

function otherCurrency(rows: readonly CostRow[]): string | undefined {
  return rows.find(({ currency }) => currency !== 'USD')?.currency;
}

function total(decimals: readonly ExactDecimal[]): NanoUsd {
  return decimals.length === 0 ? ZERO : decimalToNano(addDecimals(decimals));
}

function groups<Item, Key extends string>(
  items: readonly Item[],
  keyOf: (item: Item) => Key,
  sum: (items: readonly Item[]) => NanoUsd,
): [Key, NanoUsd][] {
  const byKey = new Map<Key, Item[]>();
  for (const item of items) {
    const group = byKey.get(keyOf(item));
    if (group) group.push(item);
    else byKey.set(keyOf(item), [item]);
  }
  return [...byKey].map(([key, of]) => [key, sum(of)]);
}

function amounts(of: readonly [string, NanoUsd][]): readonly Amount[] {
  return of
    .map(([name, amount]) => ({ name, amount }))
    .sort((a, b) => b.amount - a.amount || a.name.localeCompare(b.name));
}
