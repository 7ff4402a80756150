import { parseDecimal } from '../../../core/money';
import { shown } from '../problems';
import { textOf, type Columns, type Fields, type Outcome, type ReadRow, type Said, type UsageFormat } from './format';

interface BillColumns {
  readonly from: string;
  readonly to: string;
  /** The first that is there. */
  readonly usageType: readonly string[];
  readonly amount: string;
  readonly unit: string;
  /** What a line is for: only `Usage` is usage. */
  readonly kind: string;
}

const CUR: BillColumns = {
  from: 'line_item_usage_start_date',
  to: 'line_item_usage_end_date',
  usageType: ['line_item_usage_type'],
  amount: 'line_item_usage_amount',
  unit: 'pricing_unit',
  kind: 'line_item_line_item_type',
};

const FOCUS: BillColumns = {
  from: 'ChargePeriodStart',
  to: 'ChargePeriodEnd',
  usageType: ['x_UsageType', 'SkuMeter'],
  amount: 'ConsumedQuantity',
  unit: 'ConsumedUnit',
  kind: 'ChargeCategory',
};

const LACKS = ['single calls'];

/**
 * Lines of a Cost and Usage Report 2.0, as CSV: a model and a kind of token in each `line_item_usage_type`.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/cost-mgmt-understanding-cur-data.html (usage types; read
 * 2026-11-28), https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-cur2-line-item.html (columns; where to check, not read)
 */
export const cur: UsageFormat = billFormat('lines of a Cost and Usage Report', CUR);

/**
 * Lines of an AWS export in FOCUS. The usage type is x_UsageType in 1.0 and SkuMeter in 1.2:
 * https://docs.aws.amazon.com/cur/latest/userguide/table-dictionary-focus-1-2-migrating.html (read 2026-11-28)
 */
export const focus: UsageFormat = billFormat('FOCUS lines', FOCUS);

/**
 * `USE1-Claude4.6Opus-cache-read-input-token-count-cross-region-global`: Region, model, kind, then how it was called. Patterns by
 * AWS's page above; the further ends (`-cross-region-geo`, `-flex`, `-priority`, `-batch`, `-long-context`, `-mantle-…`) as in
 * usage types of the price list in public code (read 2026-11-28).
 */
const USAGE_TYPE =
  /^(?:[A-Z0-9]+-)?(.+?)-(?:mantle-)?(?:text-)?(cache-read-input-token-count|cache-read-tokens|cache-write-1h-input-token-count|cache-write-1h-tokens|cache-write-input-token-count|cache-write-tokens|input-tokens?|input-token-count|output-tokens?|output-token-count)(-.*)?$/;
const NO_CALL = /-(?:reserved|per-minute|image|audio|video|speech|custom-model|provisioned)/;
const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^tokens?$/i, 1],
  [/^(?:1k|1000|1,000|thousand) ?tokens?$/i, 1_000],
  [/^(?:1m|1000000|1,000,000|million) ?tokens?$/i, 1_000_000],
];

function billFormat(name: string, of: BillColumns): UsageFormat {
  const needed = [of.from, of.to, of.amount, of.unit];
  const read = [...needed, ...of.usageType, of.kind];
  return {
    name,
    lacks: LACKS,
    fits: (keys) => keys.has(of.from) && keys.has(of.amount),
    columns: (names): Columns => ({
      fields: names.map((one) => (read.includes(one) ? one : undefined)),
      problems: [
        ...needed.filter((one) => !names.includes(one)).map((one) => `column '${one}' is missing`),
        ...(of.usageType.some((one) => names.includes(one))
          ? []
          : [`column '${of.usageType.join("' or '")}' is missing`]),
      ],
    }),
    open: (said) => {
      const batch = { seen: false };
      return {
        read: (record) => lineRow(record, of, said, batch),
        remarks: () =>
          batch.seen ? ['batch tokens count at the standard price, as the price library has no other'] : [],
      };
    },
  };
}

function lineRow(record: Fields, of: BillColumns, { times }: Said, batch: { seen: boolean }): Outcome {
  const kind = textOf(record[of.kind]);
  if (kind !== undefined && kind !== 'Usage') return { leftOut: `lines that are no usage (${kind})` };
  const usageType = of.usageType.map((name) => textOf(record[name])).find((one) => one !== undefined) ?? '';
  const parsed = USAGE_TYPE.exec(usageType);
  const [, product = '', metered = '', how = ''] = parsed ?? [];
  if (!parsed || NO_CALL.test(`-${product}${how}`)) return { leftOut: 'lines that are not tokens of a model' };
  const problems: string[] = [];
  const from = times.read(record[of.from]);
  const to = times.read(record[of.to]);
  if (typeof from === 'string') problems.push(`${of.from}: ${from}`);
  if (typeof to === 'string') problems.push(`${of.to}: ${to}`);
  const amount = tokensOf(record[of.amount], textOf(record[of.unit]), of);
  if (typeof amount === 'string') problems.push(amount);
  if (problems.length > 0 || typeof from === 'string' || typeof to === 'string' || typeof amount === 'string') {
    return { problems };
  }
  if (how.includes('-batch')) batch.seen = true;
  const scope = /-global(?:-|$)/.test(how) ? 'global.' : '';
  const [tier] = /(?<=-)(?:flex|priority)/.exec(how) ?? [];
  const row: ReadRow = {
    at: from.at,
    spanMs: Math.max(0, to.at - from.at),
    model: `${scope}${product}${tier === undefined ? '' : `+${tier}`}`,
    tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, ...componentOf(metered, amount) },
  };
  return { rows: [row] };
}

function componentOf(metered: string, amount: number): Partial<Record<string, number>> {
  if (metered.startsWith('cache-read')) return { cacheRead: amount };
  if (metered.startsWith('cache-write-1h')) return { cacheWrite: amount, cacheWrite1h: amount };
  // A bill has a usage type of its own for the longer life, so the plain one is the shorter.
  if (metered.startsWith('cache-write')) return { cacheWrite: amount, cacheWrite5m: amount };
  return metered.startsWith('output') ? { output: amount } : { input: amount };
}

/** An amount in its unit to whole tokens, a part of one rounded up. */
function tokensOf(amount: unknown, unit: string | undefined, of: BillColumns): number | string {
  const times = UNITS.find(([pattern]) => pattern.test(unit ?? ''))?.[1];
  if (times === undefined) return `${of.unit} must say what is counted, such as 1K tokens, got ${shown(unit)}`;
  try {
    const { digits, scale } = parseDecimal(String(amount));
    const divisor = 10n ** BigInt(scale);
    const tokens = Number((digits * BigInt(times) + divisor - 1n) / divisor);
    if (digits >= 0n && Number.isSafeInteger(tokens)) return tokens;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return `${of.amount} must be an amount, 0 or more, got ${shown(amount)}`;
}
