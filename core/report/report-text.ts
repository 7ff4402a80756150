import type { Amount, Estimate } from '../bill';
import { budgetsConcern, budgetTreeLines, MOST_LINES } from './budget-tree-text';
import { meterText, orderText, columns } from './meter-report-text';
import { formatUsd, type NanoUsd } from '../money';
import { asciiSubject, type Mail } from '../mail';
import type { BillFigures, CostReport } from './report';
import { unmeteredText } from '../metering';

/** Services and models that a mail lists by name. */
const LISTED = 8;

/**
 * The report as a mail that a finance person understands in ten seconds: the subject has the figure and the one thing that
 * matters, the body the rest.
 * @param timeZone IANA name, for the time of the report
 */
export function reportMail(report: CostReport, timeZone: string): Mail {
  const { environment, bill } = report;
  return {
    subject: asciiSubject(`[bill] ${environment} ${figure(report)}: ${headline(report)}`),
    body: [
      ...(bill.kind === 'known' ? figuresText(report, bill) : unknownText(bill.why)),
      '',
      ...meterText(report.meter, { month: report.month, limit: report.limit, bill: billText(report) }),
      '',
      'The guard',
      ...report.lines.map(({ line, state, why }) => `  ${line}: ${state === 'dryRun' ? 'dry run' : state} - ${why}`),
      ...orderText(report.meter),
      ...(report.neverStop.length > 0 ? [`  never stopped (break-glass roles): ${report.neverStop.join(', ')}`] : []),
      ...(report.guardedUnmetered.length > 0 ? [`  ${unmeteredText(report.guardedUnmetered)}`] : []),
      ...budgetsText(report),
      '',
      `As of ${timeText(report.asOf, timeZone)}. Days and months are UTC. The bill is 8 to 24 hours late.`,
    ].join('\n'),
  };
}

function figure({ bill, limit }: CostReport): string {
  if (bill.kind === 'unavailable') return `bill unknown, limit ${shortUsd(limit)}`;
  if (bill.nothingYet) return `nothing billed yet, limit ${shortUsd(limit)}`;
  return `${wholePercent(bill.percentOfLimit)} ${formatUsd(bill.monthToDate)} of ${shortUsd(limit)}`;
}

/** The bill's figure, to stand beside the meter's. */
function billText({ bill }: CostReport): string {
  if (bill.kind === 'unavailable') return 'the bill: unknown';
  return bill.nothingYet ? 'the bill: nothing yet' : `the bill: ${formatUsd(bill.monthToDate)}`;
}

function headline(report: CostReport): string {
  const { bill, meter, lines, limit } = report;
  if (bill.kind === 'unavailable') return bill.why;
  if (bill.monthToDate >= limit) return 'ABOVE the limit';
  if (bill.crossed.some(({ effect }) => effect === 'stop')) return 'above the stop line';
  if (meter.denies === 'stopped') return 'stopped by the meter';
  const waiting = lines.find(({ state }) => state === 'waiting');
  if (waiting) return 'a stop waits for approval';
  const blind = lines.find(({ state }) => state === 'blind');
  if (blind) return `${blind.line} is blind`;
  if (meter.denies === 'degraded') return 'large models are denied';
  if (meter.comparison.drift.length > 0) return 'meter and bill differ';
  if (bill.forecast.kind === 'unavailable') return 'no forecast yet';
  const over = bill.forecast.amount > limit ? ', above the limit' : '';
  return `on track for ${formatUsd(bill.forecast.amount)}${over}`;
}

function figuresText({ month, limit }: CostReport, bill: BillFigures): string[] {
  const lines = bill.crossed.map(({ atPercent, effect }) => `${atPercent}% (${effect})`);
  const models = bill.byModel.kind === 'known' ? bill.byModel.byModel : [];
  return [
    ...columns([
      [
        `Spent in ${month}`,
        bill.nothingYet
          ? `nothing billed yet of ${formatUsd(limit)}`
          : `${formatUsd(bill.monthToDate)} of ${formatUsd(limit)} (${wholePercent(bill.percentOfLimit)})`,
      ],
      ['Expected at the end', estimateText(bill.forecast, 'no forecast yet')],
      [
        'Yesterday',
        `${bill.nothingYet ? 'nothing' : formatUsd(bill.yesterday)} billed so far; a usual day: ${estimateText(bill.usualDay, 'unknown')}`,
      ],
      ['Last month', formatUsd(bill.lastMonth)],
      ['Lines crossed', lines.length > 0 ? lines.join(', ') : 'none'],
    ]),
    ...(bill.nothingYet ? ['Nothing is billed yet this month. That is not the same as nothing used.'] : []),
    '',
    'By service',
    ...listed(bill.byService),
    '',
    'By model',
    ...(bill.byModel.kind === 'known' ? listed(models) : [`  unknown: ${bill.byModel.why}`]),
    '',
    'Outside this guard',
    ...columns([
      ['  no environment', `${formatUsd(bill.untagged)} of Bedrock in this account that no guard can stop`],
      ['  other environments', `${formatUsd(bill.foreign)}, counted by their own guards`],
    ]),
  ];
}

function budgetsText({ budgets, environment }: CostReport): string[] {
  if (budgets === undefined) return [];
  const concern = budgetsConcern(budgets);
  // Its own heading is one of the lines.
  const lines = budgetTreeLines(budgets, environment, MOST_LINES - 1);
  return [
    '',
    `Budgets within ${environment}, as callers have charged them${concern === undefined ? '' : `: ${concern}`}`,
    ...lines.map(({ text }) => `  ${text}`),
  ];
}

function unknownText(why: string): string[] {
  return [
    `What was spent is UNKNOWN: ${why}.`,
    'This is not $0. AWS Budgets goes on mailing by itself, where it can see.',
  ];
}

function estimateText(estimate: Estimate, unknown: string): string {
  return estimate.kind === 'known' ? formatUsd(estimate.amount) : `${unknown} (${estimate.why})`;
}

function listed(amounts: readonly Amount[]): string[] {
  if (amounts.length === 0) return ['  nothing billed yet'];
  const rest = amounts.length - LISTED;
  return [
    ...columns(amounts.slice(0, LISTED).map(({ name, amount }) => [`  ${name}`, formatUsd(amount)])),
    ...(rest > 0 ? [`  and ${rest} more`] : []),
  ];
}

/** `62%`; what is spent but rounds to nothing is `<1%`, and what is just under a line never rounds up to it. */
function wholePercent(percent: number): string {
  if (!Number.isFinite(percent)) return 'over 100%';
  return percent > 0 && percent < 1 ? '<1%' : `${Math.floor(percent)}%`;
}

function shortUsd(amount: NanoUsd): string {
  return formatUsd(amount).replace(/\.00$/, '');
}

function timeText(iso: string, timeZone: string): string {
  const utc = `${iso.slice(0, 16).replace('T', ' ')} UTC`;
  const local = localTime(iso, timeZone);
  return local === undefined ? utc : `${local} (${utc})`;
}

/** By zone: a format is dear to make. */
const clocks = new Map<string, Intl.DateTimeFormat>();

/** A zone that was named by newer rules than this Node's is no reason to send nothing. */
function localTime(iso: string, timeZone: string): string | undefined {
  try {
    const format =
      clocks.get(timeZone) ?? new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'medium', timeStyle: 'short' });
    clocks.set(timeZone, format);
    return `${format.format(new Date(iso))} ${timeZone}`;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
