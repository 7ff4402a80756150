import { formatUsd, subtract, type NanoUsd } from '../money';
import { decisionsOf } from './decisions';
import type { BillFigures, CostReport } from './report';

/** `act`: money may be lost or work stands still; `look`: today; `unknown`: the bill does not say. */
export type Tone = 'good' | 'look' | 'act' | 'unknown';

export interface Verdict {
  readonly tone: Tone;
  /** One sentence. */
  readonly text: string;
}

/** Of the month, for somebody who reads nothing else. */
export function verdictOf(report: CostReport): Verdict {
  const { bill, meter, limit, month } = report;
  if (bill.kind === 'unavailable') return { tone: 'unknown', text: `What was spent is UNKNOWN: ${bill.why}.` };
  const spent = bill.nothingYet
    ? `nothing is billed yet of ${formatUsd(limit)}`
    : `${formatUsd(bill.monthToDate)} of ${formatUsd(limit)} spent (${wholePercent(bill.percentOfLimit)})`;
  const serious = alarming(report, bill);
  if (serious !== undefined) return { tone: 'act', text: `${serious}: ${spent}.` };
  const decisions = decisionsOf(report);
  const urgent = decisions.filter(({ urgency }) => urgency === 'act').length;
  const tone: Tone = urgent > 0 ? 'act' : decisions.length > 0 ? 'look' : 'good';
  const toDecide = decisions.length === 0 ? '' : `, and ${things(decisions.length)} to decide`;
  if (bill.nothingYet) {
    return {
      tone: tone === 'good' ? 'unknown' : tone,
      text: `Nothing is billed yet this month. That is not the same as nothing used.${decisions.length === 0 ? '' : ` To decide: ${things(decisions.length)}.`}`,
    };
  }
  if (bill.forecast.kind === 'unavailable') {
    return { tone, text: `Within the limit so far: ${spent} in ${month}, no forecast yet${toDecide}.` };
  }
  const { amount } = bill.forecast;
  if (amount > limit) {
    const beyond = `${formatUsd(amount)} expected at the end, ${formatUsd(subtract(amount, limit))} too much`;
    return { tone, text: `Heading over the limit: ${spent}, ${beyond}${more(decisions.length - 1)}.` };
  }
  const expected = `${spent}, ${formatUsd(amount)} expected at the end`;
  if (meter.denies === 'degraded') return { tone, text: `Large models are denied: ${expected}.` };
  return { tone, text: `${tone === 'good' ? 'All is well' : 'Within the limit'}: ${expected}${toDecide}.` };
}

/** The one thing that matters, in a few words, for a subject. */
export function headline(report: CostReport): string {
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

/** `62%`; what is spent but rounds to nothing is `<1%`, and what is just under a line never rounds up to it. */
export function wholePercent(percent: number): string {
  if (!Number.isFinite(percent)) return 'over 100%';
  return percent > 0 && percent < 1 ? '<1%' : `${Math.floor(percent).toLocaleString('en-US')}%`;
}

export function shortUsd(amount: NanoUsd): string {
  return formatUsd(amount).replace(/\.00$/, '');
}

function alarming({ limit, meter }: CostReport, { monthToDate, crossed }: BillFigures): string | undefined {
  if (monthToDate >= limit) return 'ABOVE the limit';
  if (crossed.some(({ effect }) => effect === 'stop')) return 'Above the stop line';
  return meter.denies === 'stopped' ? 'Stopped by the meter' : undefined;
}

function more(count: number): string {
  return count > 0 ? `, and ${things(count)} more to decide` : '';
}

function things(count: number): string {
  return count === 1 ? 'one thing' : `${count} things`;
}
