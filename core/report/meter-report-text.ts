import { type CacheBurn, ratioText } from '../meter';
import { comparedTotals, type MeterComparison, type MeterFigures, type MeterReport } from './meter-report';
import { runbookLine } from '../mail';
import { formatUsd, type NanoUsd } from '../money';
import { lines, rows, type Block, type Section } from './sections';

/** Findings, ids and days that a mail lists by name. */
const LISTED = 5;

/** The meter's part of the report: its figures beside the bill's, what it does not count, and how far the two are apart. */
export function meterSections(
  { figures, calibration, comparison }: MeterReport,
  { month, limit, bill }: { readonly month: string; readonly limit: NanoUsd; readonly bill: string },
): readonly Section[] {
  const factor = calibration.kind === 'known' ? calibration.factor : 1;
  return [
    {
      heading: `By the meter, an estimate from the tokens used${figures.kind === 'known' ? ` until ${minute(figures.asOf)}` : ''}`,
      blocks: [
        ...(figures.kind === 'known'
          ? figuresBlocks(figures, factor, month, limit, bill)
          : [lines(`What it counts is unknown: ${figures.why}.`)]),
        ...(calibration.kind === 'unavailable' ? [lines(`How it is calibrated is unknown: ${calibration.why}.`)] : []),
      ],
    },
    {
      heading: `Meter against the bill, ${comparison.from} to ${comparison.to}`,
      blocks: [lines(...comparisonText(comparison))],
    },
  ];
}

/** Who has ordered what; nothing where nobody has. */
export function orderText({ order }: MeterReport): string[] {
  switch (order.kind) {
    case 'none':
      return [];
    case 'unavailable':
      return [`order in force: unknown - ${order.why}`];
    case 'stop':
      return [`order in force: stop, by ${order.by} since ${minute(order.since)}: ${order.reason}`];
    case 'override': {
      const limit = order.limit === undefined ? 'the lines stay as they are' : `limit ${formatUsd(order.limit)}`;
      return [`order in force: override, by ${order.by}, ${limit}, until ${minute(order.until)}: ${order.reason}`];
    }
  }
}

function figuresBlocks(
  figures: MeterFigures,
  factor: number,
  month: string,
  limit: NanoUsd,
  bill: string,
): readonly Block[] {
  const { monthToDate, calibrated, today, lowerBound, unattributed, unconfigured, foreign, unguarded, findings } =
    figures;
  const { cacheBurn = [] } = figures;
  const least = lowerBound ? 'at least ' : '';
  return [
    rows([
      [`Spent in ${month}`, `${least}${formatUsd(monthToDate)} of ${formatUsd(limit)} (${bill})`],
      ['Today so far', today === undefined ? 'not read yet' : `${least}${formatUsd(today)}`],
      ...(calibrated === undefined
        ? []
        : [['Counts for a stop as', `${formatUsd(calibrated)} (x${factor}: the bill was higher)`] as const]),
      ...foreign.slice(0, LISTED).map(({ owner, tokens }) => ['Not counted', `${count(tokens)} of ${owner}`] as const),
      ...(unguarded === 0 ? [] : [['Not counted', `${count(unguarded)} used without a profile`] as const]),
      ...(unattributed.length === 0
        ? []
        : [
            ['No known price', `${list(unattributed)}: counted at the dearest rate, real spend may be higher`] as const,
          ]),
      ...(unconfigured.length === 0
        ? []
        : [['Not in the config', `${list(unconfigured)}: counted at the list price`] as const]),
      ...cacheBurn.slice(0, LISTED).map((burn) => ['Cache burn', burnText(burn)] as const),
      ...findings.slice(0, LISTED).map((finding) => ['Found', finding] as const),
    ]),
    lines(...more(beyond(foreign) + beyond(findings) + beyond(cacheBurn))),
  ];
}

/** A cache that is written and seldom read, with what it costs and why, as far as anybody can tell. */
function burnText(burn: CacheBurn): string {
  const { modelId, region, readsPerWrite, breakEven, before, lost, aboveBefore, writesPercent, likelyCause } = burn;
  const earlier = before === undefined ? '' : `, and had ${ratioText(before)} earlier this month`;
  const figures = [
    `${ratioText(readsPerWrite)} reads for each token written, it pays from ${ratioText(breakEven)} on${earlier}`,
    ...(lost > 0 ? [`up to ${formatUsd(lost)} lost`] : []),
    ...(aboveBefore === undefined || aboveBefore === 0
      ? []
      : [`up to ${formatUsd(aboveBefore)} more than by the earlier ratio`]),
    `writes are ${Math.floor(writesPercent)}% of its spend`,
  ];
  return `${modelId} in ${region}: ${figures.join('; ')}. Likely cause: ${likelyCause}`;
}

function beyond(list: readonly unknown[]): number {
  return Math.max(list.length - LISTED, 0);
}

function comparisonText(comparison: MeterComparison): string[] {
  const { drift, notCompared } = comparison;
  const totals = comparedTotals(comparison);
  const days = `${totals.days} ${totals.days === 1 ? 'day' : 'days'}`;
  return [
    ...(totals.days === 0
      ? ['No day could be compared.']
      : [
          `Meter ${formatUsd(totals.meter)}, bill ${formatUsd(totals.bill)} on ${days}${drift.length === 0 ? '; no drift' : ''}`,
        ]),
    ...drift.flatMap(({ name, days: apart }) => [
      `${name}: more than 10% and $1 apart on ${apart.length} days`,
      ...apart
        .slice(0, LISTED)
        .map(({ day, meter, bill }) => `  ${day}  meter ${formatUsd(meter)}, bill ${formatUsd(bill)}`),
      ...more(apart.length - LISTED).map((line) => `  ${line}`),
    ]),
    ...(drift.length > 0 ? [runbookLine('cost-check-meter-drift')] : []),
    ...[...new Set(notCompared.map(({ why }) => why))].map((why) => {
      const of = notCompared.filter((one) => one.why === why).map(({ day }) => day);
      return `Not compared: ${of.length === 1 ? of.join() : `${of.length} days from ${of[0] ?? ''}`} (${why})`;
    }),
  ];
}

function more(rest: number): string[] {
  return rest > 0 ? [`and ${rest} more`] : [];
}

function list(names: readonly string[]): string {
  const rest = names.length - LISTED;
  return `${names.slice(0, LISTED).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function count(tokens: number): string {
  return `${tokens.toLocaleString('en-US')} tokens`;
}

function minute(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}
