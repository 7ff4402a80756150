import { comparedTotals, type MeterComparison, type MeterFigures, type MeterReport } from './meter-report';
import { runbookLine } from '../mail';
import { formatUsd, type NanoUsd } from '../money';

/** Findings, ids and days that a mail lists by name. */
const LISTED = 5;

/** The meter's part of the mail: its figures beside the bill's, what it does not count, and how far the two are apart. */
export function meterText(
  { figures, calibration, comparison }: MeterReport,
  { month, limit, bill }: { readonly month: string; readonly limit: NanoUsd; readonly bill: string },
): string[] {
  const factor = calibration.kind === 'known' ? calibration.factor : 1;
  return [
    `By the meter, an estimate from the tokens used${figures.kind === 'known' ? ` until ${minute(figures.asOf)}` : ''}`,
    ...(figures.kind === 'known'
      ? figuresText(figures, factor, month, limit, bill)
      : [`  What it counts is unknown: ${figures.why}.`]),
    ...(calibration.kind === 'unavailable' ? [`  How it is calibrated is unknown: ${calibration.why}.`] : []),
    '',
    `Meter against the bill, ${comparison.from} to ${comparison.to}`,
    ...comparisonText(comparison),
  ];
}

/** Who has ordered what; nothing where nobody has. */
export function orderText({ order }: MeterReport): string[] {
  switch (order.kind) {
    case 'none':
      return [];
    case 'unavailable':
      return [`  order in force: unknown - ${order.why}`];
    case 'stop':
      return [`  order in force: stop, by ${order.by} since ${minute(order.since)}: ${order.reason}`];
    case 'override': {
      const limit = order.limit === undefined ? 'the lines stay as they are' : `limit ${formatUsd(order.limit)}`;
      return [`  order in force: override, by ${order.by}, ${limit}, until ${minute(order.until)}: ${order.reason}`];
    }
  }
}

function figuresText(figures: MeterFigures, factor: number, month: string, limit: NanoUsd, bill: string): string[] {
  const { monthToDate, calibrated, today, lowerBound, unattributed, unconfigured, foreign, unguarded, findings } =
    figures;
  const least = lowerBound ? 'at least ' : '';
  return [
    ...columns([
      [`  Spent in ${month}`, `${least}${formatUsd(monthToDate)} of ${formatUsd(limit)} (${bill})`],
      ['  Today so far', today === undefined ? 'not read yet' : `${least}${formatUsd(today)}`],
      ...(calibrated === undefined
        ? []
        : [['  Counts for a stop as', `${formatUsd(calibrated)} (x${factor}: the bill was higher)`] as const]),
      ...foreign
        .slice(0, LISTED)
        .map(({ owner, tokens }) => ['  Not counted', `${count(tokens)} of ${owner}`] as const),
      ...(unguarded === 0 ? [] : [['  Not counted', `${count(unguarded)} used without a profile`] as const]),
      ...(unattributed.length === 0
        ? []
        : [
            [
              '  No known price',
              `${list(unattributed)}: counted at the dearest rate, real spend may be higher`,
            ] as const,
          ]),
      ...(unconfigured.length === 0
        ? []
        : [['  Not in the config', `${list(unconfigured)}: counted at the list price`] as const]),
      ...findings.slice(0, LISTED).map((finding) => ['  Found', finding] as const),
    ]),
    ...more(Math.max(foreign.length - LISTED, 0) + Math.max(findings.length - LISTED, 0)),
  ];
}

function comparisonText(comparison: MeterComparison): string[] {
  const { drift, notCompared } = comparison;
  const totals = comparedTotals(comparison);
  const days = `${totals.days} ${totals.days === 1 ? 'day' : 'days'}`;
  return [
    ...(totals.days === 0
      ? ['  No day could be compared.']
      : [
          `  Meter ${formatUsd(totals.meter)}, bill ${formatUsd(totals.bill)} on ${days}${drift.length === 0 ? '; no drift' : ''}`,
        ]),
    ...drift.flatMap(({ name, days: apart }) => [
      `  ${name}: more than 10% and $1 apart on ${apart.length} days`,
      ...apart
        .slice(0, LISTED)
        .map(({ day, meter, bill }) => `    ${day}  meter ${formatUsd(meter)}, bill ${formatUsd(bill)}`),
      ...more(apart.length - LISTED).map((line) => `  ${line}`),
    ]),
    ...(drift.length > 0 ? [`  ${runbookLine('cost-check-meter-drift')}`] : []),
    ...[...new Set(notCompared.map(({ why }) => why))].map((why) => {
      const of = notCompared.filter((one) => one.why === why).map(({ day }) => day);
      return `  Not compared: ${of.length === 1 ? of.join() : `${of.length} days from ${of[0] ?? ''}`} (${why})`;
    }),
  ];
}

function more(rest: number): string[] {
  return rest > 0 ? [`  and ${rest} more`] : [];
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

/** Label and value a row, the values beneath each other. */
export function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${label.padEnd(width)}  ${value}`);
}
