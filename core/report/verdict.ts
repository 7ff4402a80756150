import { formatUsd, subtract, type NanoUsd } from '../money';
import { decisionsOf } from './decisions';
import { judge, overBy } from './judged';
import type { CostReport } from './report';

/** `act`: money may be lost or work stands still; `look`: today; `unknown`: the bill does not say. */
export type Tone = 'good' | 'look' | 'act' | 'unknown';

export interface Verdict {
  readonly tone: Tone;
  /** One sentence. */
  readonly text: string;
}

/** Of the month, for somebody who reads nothing else. Good only where bill and meter are both known, and under every line. */
export function verdictOf(report: CostReport): Verdict {
  const { bill, meter, limit, month } = report;
  const { byMeter, meterText } = judge(report);
  const serious = alarming(report);
  if (bill.kind === 'unavailable') {
    if (serious === undefined) return { tone: 'unknown', text: `What was spent is UNKNOWN: ${bill.why}.` };
    const counted = meterText === undefined ? '' : `${meterText} of a limit of ${formatUsd(limit)}, and `;
    return { tone: 'act', text: `${serious}: ${counted}what is billed is UNKNOWN: ${bill.why}.` };
  }
  const doubts = doubtsOf(report);
  const billed = bill.nothingYet
    ? `nothing is billed yet of ${formatUsd(limit)}`
    : `${formatUsd(bill.monthToDate)} of ${formatUsd(limit)} spent (${wholePercent(bill.percentOfLimit)})`;
  const isSaid = meterText !== undefined && isMetersWordNeeded(report);
  const spent = isSaid ? `${billed} by the bill, ${meterText}` : billed;
  if (serious !== undefined) return { tone: 'act', text: `${serious}: ${spent}.` };
  const decisions = decisionsOf(report);
  const urgent = decisions.filter(({ urgency }) => urgency === 'act').length;
  const tone: Tone = urgent > 0 ? 'act' : decisions.length > 0 || doubts.length > 0 ? 'look' : 'good';
  const toDecide = `${doubts.map((doubt) => `, ${doubt}`).join('')}${decisions.length === 0 ? '' : `, and ${things(decisions.length)} to decide`}`;
  if (bill.nothingYet) {
    const counted = byMeter && meterText !== undefined ? ` The month has ${meterText}.` : '';
    return {
      tone: tone === 'good' ? 'unknown' : tone,
      text: `Nothing is billed yet this month. That is not the same as nothing used.${counted}${decisions.length === 0 ? '' : ` To decide: ${things(decisions.length)}.`}`,
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
  const { amount, reached, byMeter, meterText = '', beyondForecast } = judge(report);
  const grave = [
    ...(reached === 'limit' ? [`ABOVE the limit${overBy(amount, limit)}`] : []),
    ...(reached === 'stop' ? ['above the stop line'] : []),
  ].map((text) => (byMeter ? `${text}, ${meterText}` : text));
  const [above] = grave;
  if (above !== undefined && !byMeter) return above;
  if (meter.denies === 'stopped' && bill.kind === 'known') return 'stopped by the meter';
  if (above !== undefined) return above;
  if (bill.kind === 'unavailable') return bill.why;
  const waiting = lines.find(({ state }) => state === 'waiting');
  if (waiting) return 'a stop waits for approval';
  const blind = lines.find(({ state }) => state === 'blind');
  if (blind) return `${blind.line} is blind`;
  if (meter.denies === 'degraded') return 'large models are denied';
  if (meter.graceUntil !== undefined) return 'a line is reached and waits';
  if (meter.decides !== undefined) return `the meter has decided on ${meter.decides}, and denies nobody`;
  if (reached === 'degrade' && byMeter) return `above the degrade line, ${meterText}`;
  if (meter.comparison.drift.length > 0) return 'meter and bill differ';
  const unknown = lines.find(({ state }) => state === 'unknown');
  if (unknown) return `${unknown.line} is unknown`;
  if (meter.figures.kind === 'unavailable') return 'what the meter counts is unknown';
  if (byMeter || beyondForecast || meter.figures.lowerBound) return meterText;
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

function alarming(report: CostReport): string | undefined {
  const { amount, reached } = judge(report);
  if (reached === 'limit') return `ABOVE the limit${overBy(amount, report.limit)}`;
  // Where the bill is unknown it is the meter that has stopped, and its line says so.
  if (report.meter.denies === 'stopped' && report.bill.kind === 'known' && reached !== 'stop') {
    return 'Stopped by the meter';
  }
  return reached === 'stop' ? 'Above the stop line' : undefined;
}

/** Why it is not all well where nothing is to be decided. */
function doubtsOf(report: CostReport): readonly string[] {
  const { figures } = report.meter;
  const { reached, atPercent, beyondForecast } = judge(report);
  const isLine = reached !== undefined && reached !== 'limit' && atPercent !== undefined;
  return [
    ...(isLine ? [`above the line at ${atPercent}%`] : []),
    ...(figures.kind === 'unavailable' ? [`what the meter counts is unknown (${figures.why})`] : []),
    ...(figures.kind === 'known' && figures.lowerBound ? ['the meter does not see all of it'] : []),
    ...(beyondForecast ? ['the meter has more than that already'] : []),
  ];
}

/** Where the bill's figure alone would make little of what is reached, or of what the meter knows. */
function isMetersWordNeeded(report: CostReport): boolean {
  const { bill, meter } = report;
  const { amount, reached, byMeter, beyondForecast } = judge(report);
  const isLarger = bill.kind === 'known' && amount !== undefined && amount > bill.monthToDate;
  const isLeast = meter.figures.kind === 'known' && meter.figures.lowerBound;
  return byMeter || beyondForecast || isLeast || (isLarger && reached !== undefined);
}

function more(count: number): string {
  return count > 0 ? `, and ${things(count)} more to decide` : '';
}

function things(count: number): string {
  return count === 1 ? 'one thing' : `${count} things`;
}
