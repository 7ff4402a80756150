import type { Notice } from '../notice';
import { decisionsOf } from './decisions';
import type { ReportDay } from './ports';
import type { CostReport } from './report';
import { moverCells, moversIn, standing } from './report-parts';
import { reportTitle } from './report-text';
import { verdictOf } from './verdict';

/** The report in a few lines, for where people chat. A day has one, however often its report is made. */
export function reportNotice(report: CostReport, day: ReportDay): Notice {
  const { environment, bill, limit, asOf } = report;
  const decisions = decisionsOf(report);
  const { tone, text } = verdictOf(report);
  const key = `report|${environment}|${day}`;
  return {
    schemaVersion: 1,
    environment,
    source: 'bill',
    key,
    fact: key,
    status: 'once',
    // Whatever is critical is told by whoever finds it, and stands here too.
    urgency: decisions.length > 0 || tone === 'act' || tone === 'look' ? 'warning' : 'info',
    at: Date.parse(asOf),
    title: reportTitle(report),
    happened: [
      text,
      ...(bill.kind === 'unavailable' ? standing(report).map(([label, value]) => `${label}: ${value}`) : []),
      ...moversIn(report).map((mover) => moverLine(moverCells(mover))),
      ...decisions.map(({ what }) => `To decide: ${what}`),
    ],
    ...(bill.kind === 'known' && !bill.nothingYet ? { spend: { amount: bill.monthToDate, limit } } : {}),
    todo: decisions.flatMap(({ todo }) => todo),
  };
}

function moverLine([name, difference, percent, of]: readonly string[]): string {
  return `${name}: ${[difference, percent === '' ? '' : `(${percent})`, of].filter((part) => part !== '').join(' ')}`;
}
