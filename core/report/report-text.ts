import { asciiSubject, type Mail } from '../mail';
import { formatUsd } from '../money';
import { aligned } from './aligned';
import { decisionsOf, type Decision } from './decisions';
import type { CostReport } from './report';
import { details, moverCells, moversIn, noMovers, spendersSection, standing } from './report-parts';
import { columns, sectionText, type Row } from './sections';
import { headline, shortUsd, verdictOf, wholePercent } from './verdict';

/** Lines that are seen without scrolling. */
const FIRST_SCREEN = 12;
/** Of a mover's name beside its figures; the whole name stands below. */
const LONGEST_NAME = 40;

/**
 * The report as a mail that a finance person understands in ten seconds: the subject has the figure and the one thing that
 * matters, the first lines the verdict, the month, what moved and what to decide, the rest the details.
 * @param timeZone IANA name, for the time of the report
 */
export function reportMail(report: CostReport, timeZone: string): Mail {
  const decisions = decisionsOf(report);
  const spenders = spendersSection(report);
  return {
    subject: reportSubject(report),
    body: [
      ...firstScreen(report, decisions),
      ...decisionText(decisions),
      ...(spenders ? ['', ...sectionText(spenders)] : []),
      '',
      '-- Details --',
      ...details(report).flatMap((section) => ['', ...sectionText(section)]),
      '',
      asOfText(report, timeZone),
    ].join('\n'),
  };
}

export function reportSubject(report: CostReport): string {
  return asciiSubject(`[bill] ${report.environment} ${reportTitle(report)}`);
}

/** The figure and the one thing that matters, without the environment's name. */
export function reportTitle(report: CostReport): string {
  return `${figure(report)}: ${headline(report)}`;
}

/** When the report was made, and what to keep in mind of its figures. */
export function asOfText({ asOf }: CostReport, timeZone: string): string {
  return `As of ${timeText(asOf, timeZone)}. Days and months are UTC. The bill is 8 to 24 hours late.`;
}

/** Ahead of a bill that is unknown: what nobody may take it for. */
export const NOT_ZERO = 'This is not $0. AWS Budgets goes on mailing by itself, where it can see.';

function figure({ bill, limit }: CostReport): string {
  if (bill.kind === 'unavailable') return `bill unknown, limit ${shortUsd(limit)}`;
  if (bill.nothingYet) return `nothing billed yet, limit ${shortUsd(limit)}`;
  return `${wholePercent(bill.percentOfLimit)} ${formatUsd(bill.monthToDate)} of ${shortUsd(limit)}`;
}

function firstScreen(report: CostReport, decisions: readonly Decision[]): readonly string[] {
  const head = [verdictOf(report).text, ...(report.bill.kind === 'unavailable' ? [NOT_ZERO] : []), ''];
  const above = [...standing(report), ...moverRows(report)];
  return [...head, ...columns([...above, ...decisionRows(decisions, FIRST_SCREEN - head.length - above.length)])];
}

function moverRows(report: CostReport): readonly Row[] {
  const movers = moversIn(report);
  if (movers.length === 0) return [['Movers', noMovers(report)]];
  const cells = movers.map((mover) => {
    const [name, ...rest] = moverCells(mover);
    return [name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME - 3)}...`, ...rest];
  });
  // The last cell is words, and stands to the left.
  const of = cells.map((row) => row.at(-1) ?? '');
  return aligned(
    cells.map((row) => row.slice(0, -1)),
    1,
  ).map((line, at): Row => [at === 0 ? 'Movers' : '', `${line}  ${of[at] ?? ''}`]);
}

function decisionRows(decisions: readonly Decision[], room: number): readonly Row[] {
  if (decisions.length === 0) return [['To decide', 'nothing']];
  const shown = decisions.length <= room ? decisions : decisions.slice(0, room - 1);
  const rest = decisions.length - shown.length;
  const texts = [
    ...shown.map(({ what }, at) => `${at + 1}. ${what}`),
    ...(rest > 0 ? [`and ${rest} more, below`] : []),
  ];
  return texts.map((text, at): Row => [at === 0 ? 'To decide' : '', text]);
}

function decisionText(decisions: readonly Decision[]): readonly string[] {
  if (decisions.length === 0) return [];
  return [
    '',
    'What to do',
    ...decisions.flatMap(({ what, todo }, at) => [`  ${at + 1}. ${what}`, ...todo.map((step) => `     ${step}`)]),
  ];
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
