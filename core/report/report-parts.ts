import type { Amount, Estimate } from '../bill';
import { unmeteredText } from '../metering';
import { asPercent, formatUsd, type NanoUsd } from '../money';
import { oneLine } from '../notice';
import { share, type Spender, type SpendersSource, type TopSpenders } from '../spenders';
import { aligned } from './aligned';
import { budgetsConcern, budgetTreeLines, MOST_LINES } from './budget-tree-text';
import { meterSections, orderText } from './meter-report-text';
import { judge } from './judged';
import type { Mover } from './movers';
import type { BillFigures, CostReport } from './report';
import { lines, rows, type Block, type Row, type Section } from './sections';
import { wholePercent } from './verdict';

/** Services and models that a mail lists by name. */
const LISTED = 8;

/** This month against the limit and the forecast, in a row or two. */
export function standing(report: CostReport): readonly Row[] {
  const { bill, month, limit } = report;
  if (bill.kind === 'unavailable') return meterStanding(report);
  return [
    [
      `Spent in ${month}`,
      bill.nothingYet
        ? `nothing billed yet of ${formatUsd(limit)}`
        : `${formatUsd(bill.monthToDate)} of ${formatUsd(limit)} (${wholePercent(bill.percentOfLimit)})`,
    ],
    ...(judge(report).byMeter ? meterStanding(report) : []),
    [
      'Expected at the end',
      bill.forecast.kind === 'known'
        ? `${formatUsd(bill.forecast.amount)} (${wholePercent(asPercent(bill.forecast.amount, limit))})`
        : estimateText(bill.forecast, 'no forecast yet'),
    ],
  ];
}

/** Where the bill is unknown, or has reached less, the meter stands beside it, as an estimate. */
function meterStanding({ meter: { figures }, limit }: CostReport): readonly Row[] {
  if (figures.kind === 'unavailable') return [['By the meter', `unknown: ${figures.why}`]];
  const least = figures.lowerBound ? 'at least ' : '';
  return [['By the meter', `${least}${formatUsd(figures.monthToDate)} of ${formatUsd(limit)}, an estimate`]];
}

/** What has moved, a row each: name, dollars, percent, and what they are of. */
export type MoverCells = readonly [name: string, difference: string, percent: string, of: string];

export function moverCells({ name, day, amount, usual, difference, percent, soFar }: Mover): MoverCells {
  const on = `on ${day}${soFar ? ' so far' : ''}`;
  if (amount === undefined) {
    return [
      name,
      '',
      '',
      `not billed yet ${on}${usual.kind === 'known' ? `, usually ${formatUsd(usual.amount)}` : ''}`,
    ];
  }
  if (usual.kind === 'unavailable' || difference === undefined) {
    return [name, formatUsd(amount), '', `${on}, no usual day yet`];
  }
  const sign = difference > 0 ? '+' : '';
  return [
    name,
    `${sign}${formatUsd(difference)}`,
    percent === undefined ? '' : signedPercent(percent),
    `${formatUsd(amount)} ${on}, usually ${formatUsd(usual.amount)}`,
  ];
}

/** Towards zero, so that what still costs a little is never -100%. */
function signedPercent(percent: number): string {
  const whole = Math.trunc(percent);
  if (whole === 0) return percent > 0 ? '+<1%' : '-<1%';
  return `${whole > 0 ? '+' : ''}${whole.toLocaleString('en-US')}%`;
}

/** In place of movers: why there are none. */
export function noMovers({ bill }: CostReport): string {
  if (bill.kind === 'unavailable') return 'unknown, as the bill is';
  const { movers } = bill;
  if (movers === undefined) return 'unknown: the guard is of an earlier version';
  return movers.kind === 'unavailable' ? `unknown: ${movers.why}` : 'none: every day is as usual';
}

export function moversIn({ bill }: CostReport): readonly Mover[] {
  return bill.kind === 'known' && bill.movers?.kind === 'known' ? bill.movers.movers : [];
}

const SOURCES: Readonly<Record<SpendersSource, { readonly by: string; readonly total: (total: string) => string }>> = {
  principalTag: {
    by: "by AWS's cost allocation",
    total: (total) => `Shares are of ${total}, what the bill has under the tag's key so far.`,
  },
  invocationLogs: {
    by: 'by the invocation log',
    total: (total) =>
      `Shares are of ${total}, which is not the bill: an estimate at list price from the calls in the log.`,
  },
};

/** What the amounts are, and what they come to. */
export function spendersTotal({ source, total, unknown }: TopSpenders): string {
  return SOURCES[source].total(
    `${source === 'invocationLogs' && unknown.length > 0 ? 'at least ' : ''}${formatUsd(total)}`,
  );
}

/** Undefined where the config asks for nobody's name. */
export function spendersSection({ spenders }: CostReport): Section | undefined {
  if (spenders === undefined) return undefined;
  if (spenders.kind === 'unavailable') {
    return { heading: 'Who spent it', blocks: [lines(`unknown: ${spenders.why}`)] };
  }
  const { source, from, to, top, total, unknown } = spenders.value;
  return {
    heading: `Who spent it, ${from} to ${to}, ${SOURCES[source].by}`,
    blocks: [
      ...(top.length === 0 && total === 0
        ? [lines('nobody, as far as it is known')]
        : [
            { kind: 'table' as const, lines: aligned(spenderCells(spenders.value), 1) },
            lines(spendersTotal(spenders.value)),
          ]),
      ...(unknown.length === 0 ? [] : [lines(...unknown.map((what) => `not known: ${what}`))]),
    ],
  };
}

/** Name, amount and share; then the rest, and what nobody's name stands at. */
export function spenderCells({ top, others, nameless, total }: TopSpenders): readonly (readonly string[])[] {
  const shareOf = (amount: NanoUsd) => (total > 0 ? shareText(amount, share(amount, total)) : '');
  return [
    ...top.map(({ name, amount }: Spender) => [oneLine(name), formatUsd(amount), shareOf(amount)]),
    ...(others.count > 0
      ? [[`${others.count.toLocaleString('en-US')} others`, formatUsd(others.amount), shareOf(others.amount)]]
      : []),
    ...(nameless > 0 ? [['without a name', formatUsd(nameless), shareOf(nameless)]] : []),
  ];
}

/** With one decimal, so that what shares lack of 100% is next to nothing. */
function shareText(amount: NanoUsd, percent: number): string {
  return percent === 0 && amount > 0 ? '<0.1%' : `${percent.toFixed(1)}%`;
}

/** All that stands beneath the first screen. */
export function details(report: CostReport): readonly Section[] {
  const { bill, meter, month, limit, neverStop, guardedUnmetered } = report;
  return [
    ...(bill.kind === 'known' ? billSections(bill) : []),
    ...meterSections(meter, { month, limit, bill: billText(report) }),
    {
      heading: 'The guard',
      blocks: [
        lines(
          ...report.lines.map(({ line, state, why }) => `${line}: ${state === 'dryRun' ? 'dry run' : state} - ${why}`),
          ...orderText(meter),
          ...(neverStop.length > 0 ? [`never stopped (break-glass roles): ${neverStop.join(', ')}`] : []),
          ...(guardedUnmetered.length > 0 ? [unmeteredText(guardedUnmetered)] : []),
        ),
      ],
    },
    ...budgetSections(report),
  ];
}

function billSections(bill: BillFigures): readonly Section[] {
  const crossed = bill.crossed.map(({ atPercent, effect }) => `${atPercent}% (${effect})`);
  return [
    {
      heading: 'By the bill',
      blocks: [
        rows([
          [
            'Yesterday',
            `${bill.nothingYet ? 'nothing' : formatUsd(bill.yesterday)} billed so far; a usual day: ${estimateText(bill.usualDay, 'unknown')}`,
          ],
          ['Last month', formatUsd(bill.lastMonth)],
          ['Lines crossed', crossed.length > 0 ? crossed.join(', ') : 'none'],
        ]),
      ],
    },
    { heading: 'By service', blocks: listed(bill.byService) },
    {
      heading: 'By model',
      blocks: bill.byModel.kind === 'known' ? listed(bill.byModel.byModel) : [lines(`unknown: ${bill.byModel.why}`)],
    },
    {
      heading: 'Outside this guard',
      blocks: [
        rows([
          ['no environment', `${formatUsd(bill.untagged)} of Bedrock in this account that no guard can stop`],
          ['other environments', `${formatUsd(bill.foreign)}, counted by their own guards`],
        ]),
      ],
    },
  ];
}

/** The bill's figure, to stand beside the meter's. */
function billText({ bill }: CostReport): string {
  if (bill.kind === 'unavailable') return 'the bill: unknown';
  return bill.nothingYet ? 'the bill: nothing yet' : `the bill: ${formatUsd(bill.monthToDate)}`;
}

function budgetSections({ budgets, environment }: CostReport): readonly Section[] {
  if (budgets === undefined) return [];
  const concern = budgetsConcern(budgets);
  // Its own heading is one of the lines.
  const table = budgetTreeLines(budgets, environment, MOST_LINES - 1).map(({ text }) => text);
  return [
    {
      heading: `Budgets within ${environment}, as callers have charged them${concern === undefined ? '' : `: ${concern}`}`,
      blocks: [{ kind: 'table', lines: table }],
    },
  ];
}

function estimateText(estimate: Estimate, unknown: string): string {
  return estimate.kind === 'known' ? formatUsd(estimate.amount) : `${unknown} (${estimate.why})`;
}

function listed(amounts: readonly Amount[]): readonly Block[] {
  if (amounts.length === 0) return [lines('nothing billed yet')];
  const rest = amounts.length - LISTED;
  return [
    rows(amounts.slice(0, LISTED).map(({ name, amount }) => [name, formatUsd(amount)])),
    ...(rest > 0 ? [lines(`and ${rest} more`)] : []),
  ];
}
