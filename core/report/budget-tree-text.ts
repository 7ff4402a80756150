import { utcTime } from '../calendar';
import { formatUsd, nanoUsd } from '../money';
import { budgetName, ENVIRONMENT_BUDGET, type BudgetOrder, type BudgetPath } from '../shared-budgets';
import { aligned } from './aligned';
import { needsAttention, tightestFirst, type BudgetStand, type BudgetTree, type KnownFigures } from './budget-tree';

export interface BudgetLine {
  readonly text: string;
  /** Absent: all is well. */
  readonly concern?: 'near' | 'over';
}

/** Lines of a mail that are about budgets, at most. */
export const MOST_LINES = 40;
/** Orders among them that are told one by one, of budgets that are configured and of those that are not. */
const LISTED_ORDERS = 8;

/**
 * As a table: all, as a tree, or, where they are more than fit, the tightest, and how many more there are. Then the orders in
 * force.
 * @param most lines
 */
export function budgetTreeLines(tree: BudgetTree, environment: string, most = Number.POSITIVE_INFINITY): BudgetLine[] {
  const orders = budgetOrderLines(tree, Number.isFinite(most) ? LISTED_ORDERS : most);
  // The heads of the table, and the line that counts those left out.
  const room = most - orders.length - 1;
  const all = tableOf(tree.budgets, (stand) => indented(stand, environment));
  if (all.length - 1 <= room) return [...all, ...orders];
  const shown = tightestFirst(tree.budgets).slice(0, room - 1);
  const rest = tree.budgets.length - shown.length;
  // Without lines for what a parent has spent by itself: its children may not be shown.
  const table = tableOf(shown.map(withoutItself), ({ path }) => (path === ENVIRONMENT_BUDGET ? environment : path));
  return [...table, { text: `and ${rest} more, of which less is gone` }, ...orders];
}

/** Who is near or over, in a few words; undefined where nobody is. */
export function budgetsConcern({ budgets }: BudgetTree): string | undefined {
  const over = budgets.filter(({ figures }) => figures.kind === 'known' && figures.over);
  const near = budgets.filter(({ figures }) => figures.kind === 'known' && !figures.over && figures.near !== undefined);
  const unknown = budgets.filter(({ figures }) => figures.kind === 'unavailable');
  const counts = [
    ...(over.length > 0 ? [`${over.length} spent`] : []),
    ...(near.length > 0 ? [`${near.length} near the end`] : []),
    ...(unknown.length > 0 ? [`${unknown.length} unknown`] : []),
  ];
  return counts.length === 0 ? undefined : counts.join(', ');
}

type Cells = readonly string[];

const HEADS: Cells = ['budget', 'period', 'spent', 'limit', 'held', 'left', 'forecast', 'gone'];
/** Names and periods stand to the left, amounts to the right. */
const LEFT_ALIGNED = 2;

function tableOf(budgets: readonly BudgetStand[], name: (stand: BudgetStand) => string): BudgetLine[] {
  const rows = budgets.flatMap((stand) => [
    { cells: [name(stand), stand.period, ...amountsOf(stand)], note: budgetNote(stand), concern: concernOf(stand) },
    ...itselfRow(stand),
  ]);
  const [heads = '', ...lines] = aligned([HEADS, ...rows.map(({ cells }) => cells)], LEFT_ALIGNED);
  return [
    { text: heads },
    ...rows.map(({ note, concern }, at) => {
      const text = `${lines[at]}  ${note}`.trimEnd();
      return concern === undefined ? { text } : { text, concern };
    }),
  ];
}

function amountsOf({ figures, configured, order }: BudgetStand): Cells {
  const limit = formatUsd(order?.limit ?? configured);
  switch (figures.kind) {
    case 'unused':
      return ['-', limit, '-', '-', '-', '-'];
    case 'unavailable':
      return ['unknown', limit, 'unknown', 'unknown', 'unknown', 'unknown'];
    case 'known': {
      const { spent, held, left, forecast } = figures;
      return [
        ...[spent, figures.limit, held, left].map(formatUsd),
        forecast.kind === 'known' ? formatUsd(forecast.amount) : 'unknown',
        `${wholePercent(figures)}%`,
      ];
    }
  }
}

/** Rounded down, exactly: just under a line is never at it, and at it never just under. */
function wholePercent({ limit, spent, held }: KnownFigures): bigint {
  return limit <= 0 ? 100n : (BigInt(spent + held) * 100n) / BigInt(limit);
}

function itselfRow(stand: BudgetStand) {
  const { figures, depth } = stand;
  if (figures.kind !== 'known' || figures.itself === undefined) return [];
  return [
    {
      cells: [`${'  '.repeat(depth + 1)}(itself)`, stand.period, formatUsd(figures.itself)],
      note: '',
      concern: undefined,
    },
  ];
}

function withoutItself(stand: BudgetStand): BudgetStand {
  if (stand.figures.kind !== 'known') return stand;
  const { itself: _, ...figures } = stand.figures;
  return { ...stand, figures };
}

/** What its figures do not say: that it is near its end or over, by whose word its limit is, or why nobody knows. */
export function budgetNote(stand: BudgetStand): string {
  const { figures } = stand;
  switch (figures.kind) {
    case 'unused':
      return 'nobody has called in this period';
    case 'unavailable':
      return oneLine(figures.why);
    case 'known':
      return notesOf(figures, stand).join('; ');
  }
}

function notesOf(figures: KnownFigures, { resetsAt, order }: BudgetStand): readonly string[] {
  const { spent, limit, near, over, carried, callersLimit, unsettled } = figures;
  const beyond = spent > limit ? `${formatUsd(nanoUsd(spent - limit))} OVER its limit` : 'ALL SPENT';
  return [
    ...(over ? [`${beyond}: no call until ${utcTime(resetsAt)} or a higher limit`] : []),
    ...(!over && near !== undefined ? [`past ${near}%`] : []),
    ...(order ? ['limit by order'] : []),
    ...(carried > 0 ? [`${formatUsd(carried)} carried over`] : []),
    ...(callersLimit === undefined ? [] : [`callers go by ${formatUsd(callersLimit)} until they hear of it`]),
    ...(unsettled > 0 ? [`${formatUsd(unsettled)} of it without known usage`] : []),
  ];
}

function concernOf(stand: BudgetStand): BudgetLine['concern'] | undefined {
  if (needsAttention(stand)) return 'over';
  return stand.figures.kind === 'known' && stand.figures.near !== undefined ? 'near' : undefined;
}

/** One for each order in force, and for each that does nothing. @param listed of each kind; the rest is counted */
export function budgetOrderLines(
  { budgets, strayOrders }: BudgetTree,
  listed = Number.POSITIVE_INFINITY,
): readonly BudgetLine[] {
  if (strayOrders.kind === 'unavailable') {
    return [{ text: `orders of budgets: unknown - ${oneLine(strayOrders.why)}`, concern: 'over' }];
  }
  const inForce = budgets.flatMap(({ path, order }) =>
    order ? [{ text: `order in force: ${orderText(path, order)}` }] : [],
  );
  const stray = Object.entries(strayOrders.value).map(([path, order]) => ({
    text: `order without effect: ${orderText(path, order)} (no such budget is configured)`,
    concern: 'near' as const,
  }));
  return [...some(inForce, listed), ...some(stray, listed)];
}

function some(lines: readonly BudgetLine[], listed: number): readonly BudgetLine[] {
  const rest = lines.length - listed;
  return rest > 0 ? [...lines.slice(0, listed), { text: `and ${rest} more orders` }] : lines;
}

function orderText(path: BudgetPath, { limit, by, until, reason }: BudgetOrder): string {
  const end = until === undefined ? 'until another order' : `until ${utcTime(until)}`;
  return `${budgetName(path)}, ${formatUsd(limit)}, by ${oneLine(by)}, ${end}: ${oneLine(reason)}`;
}

function indented({ path, depth }: BudgetStand, environment: string): string {
  return path === ENVIRONMENT_BUDGET ? environment : `${'  '.repeat(depth)}${path.slice(path.lastIndexOf('/') + 1)}`;
}

/** What people typed, and what services said, may have lines of its own. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}
