import type { UtcDay } from '../calendar';
import type { TokenCounts } from '../meter';
import { add, ZERO, type NanoUsd } from '../money';

export interface SpentRow {
  readonly kind:
    | 'named'
    /** Where persons were asked for: of a role, a key or another name that several may use. */
    | 'shared'
    /** Known, and nobody's by the division asked for. */
    | 'nameless'
    /** Of callers whom nobody has kept by name. */
    | 'rest';
  /** Empty where it has none. */
  readonly name: string;
  /** Absent: nothing of it has a known one, which is not nothing. */
  readonly amount?: NanoUsd;
  /** A part of it is in no amount: it has spent more than `amount`. */
  readonly atLeast: boolean;
  /** Of `calls`, in no amount for want of a price. Absent: none. */
  readonly unpricedCalls?: number;
  /** Of `calls`, in no amount for want of token counts. Absent: none. */
  readonly uncounted?: number;
  /** Of the total, with one decimal. Absent: nobody knows, or of nothing. */
  readonly sharePercent?: number;
  /** Absent: only dollars are known of it. */
  readonly calls?: number;
  readonly tokens?: TokenCounts;
  readonly from: UtcDay;
  readonly to: UtcDay;
  /** Of kind `rest`: how many, each day anew. */
  readonly callers?: number;
}

type Part = Pick<SpentRow, 'kind' | 'name'> & {
  readonly day: UtcDay;
  readonly amount?: NanoUsd;
  readonly calls?: number;
  readonly tokens?: TokenCounts;
  readonly unpricedCalls?: number;
  readonly uncounted?: number;
};

/** Parts of one kind and name as one row. @throws RangeError beyond what money can hold */
export function rowsOf(parts: readonly Part[]): readonly SpentRow[] {
  const rows = new Map<string, SpentRow>();
  for (const part of parts) {
    const key = `${part.kind} ${part.name}`;
    const row = rows.get(key);
    rows.set(key, row === undefined ? begun(part) : withPart(row, part));
  }
  return [...rows.values()];
}

function begun({ kind, name, day, amount, calls, tokens, ...of }: Part): SpentRow {
  return {
    ...{ kind, name, atLeast: isLeast({ amount, ...of }), from: day, to: day },
    ...inNoAmount(of),
    ...(amount === undefined ? {} : { amount }),
    ...(calls === undefined ? {} : { calls }),
    ...(tokens === undefined ? {} : { tokens }),
  };
}

function withPart(
  row: SpentRow,
  { day, amount, calls, tokens, unpricedCalls: unpriced = 0, uncounted = 0 }: Part,
): SpentRow {
  return {
    ...row,
    atLeast: row.atLeast || isLeast({ amount, unpricedCalls: unpriced, uncounted }),
    ...inNoAmount({
      unpricedCalls: (row.unpricedCalls ?? 0) + unpriced,
      uncounted: (row.uncounted ?? 0) + uncounted,
    }),
    ...(amount === undefined ? {} : { amount: add(row.amount ?? ZERO, amount) }),
    ...(calls === undefined ? {} : { calls: (row.calls ?? 0) + calls }),
    ...(tokens === undefined ? {} : { tokens: row.tokens === undefined ? tokens : plus(row.tokens, tokens) }),
    from: day < row.from ? day : row.from,
    to: day > row.to ? day : row.to,
  };
}

type Least = { readonly amount?: NanoUsd | undefined } & Pick<Part, 'unpricedCalls' | 'uncounted'>;

function isLeast({ amount, unpricedCalls: unpriced = 0, uncounted = 0 }: Least): boolean {
  return amount === undefined || unpriced > 0 || uncounted > 0;
}

function inNoAmount({ unpricedCalls: unpriced = 0, uncounted = 0 }: Pick<Part, 'unpricedCalls' | 'uncounted'>) {
  return {
    ...(unpriced === 0 ? {} : { unpricedCalls: unpriced }),
    ...(uncounted === 0 ? {} : { uncounted }),
  };
}

function plus(a: TokenCounts, b: TokenCounts): TokenCounts {
  return {
    input: a.input + b.input,
    output: a.output + b.output,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite: a.cacheWrite + b.cacheWrite,
  };
}
