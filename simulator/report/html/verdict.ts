import { nanoUsd, since, ZERO, type NanoUsd } from '../../../core/money';
import { listed } from '../words';
import { coursesOf } from './courses';
import type { EnvironmentReport, ReportData } from './data';
import { about, capital, money, numberWord, percentText } from './formats';

export type Tone = 'good' | 'warn' | 'bad';

export interface Verdict {
  readonly tone: Tone;
  readonly sentence: string;
}

/** How an environment stands, the worst first. */
export type Standing =
  | 'unknown'
  | 'over'
  | 'heading over'
  | 'waiting'
  | 'stopped now'
  | 'blind'
  | 'stopped'
  | 'burning'
  | 'limited'
  | 'within';

const TONES: Readonly<Record<Standing, Tone>> = {
  unknown: 'bad',
  over: 'bad',
  'heading over': 'warn',
  waiting: 'warn',
  'stopped now': 'warn',
  blind: 'warn',
  stopped: 'warn',
  burning: 'warn',
  limited: 'warn',
  within: 'good',
};

export function standingOf(report: EnvironmentReport): Standing {
  if (monthsOver(report) > 0) return 'over';
  if (report.spent.kind === 'unavailable') return 'unknown';
  if (report.forecast !== undefined && report.forecast > report.limit) return 'heading over';
  if ((report.guard?.waiting ?? []).length > 0) return 'waiting';
  if (report.deniedNow === 'stopped') return 'stopped now';
  if ((report.guard?.blind ?? []).length > 0) return 'blind';
  if (stopsOf(report) > 0) return 'stopped';
  if (report.burns === true) return 'burning';
  return report.holds.length > 0 || report.deniedNow === 'degraded' ? 'limited' : 'within';
}

export function toneOf(standing: Standing): Tone {
  return TONES[standing];
}

export function stopsOf({ holds }: EnvironmentReport): number {
  return holds.filter(({ state }) => state === 'stopped').length;
}

/** What was spent above the limit, of each month of its own. */
export function beyondLimit(report: EnvironmentReport): NanoUsd {
  return nanoUsd(monthsOf(report).reduce((sum, spent) => sum + since(spent, report.limit), 0));
}

/** The one sentence that somebody who reads no more must have read. */
export function verdictOf(report: ReportData): Verdict {
  const { environments, problems = [], compared = false } = report;
  const [first, second] = environments;
  if (problems.length > 0) {
    return {
      tone: 'bad',
      sentence: 'Something happened in this run that must never happen, so do not rely on its figures.',
    };
  }
  if (first === undefined) return { tone: 'warn', sentence: 'No environment is in this report.' };
  if (compared && second !== undefined) return comparison(first, second);
  const parts = [
    standingText(environments, report.running === true),
    stopText(environments),
    burnText(environments, report.running === true),
    guardText(environments, 'waiting', ['waits for a person', 'wait for a person']),
    guardText(environments, 'blind', ['is blind or unknown', 'are blind or unknown']),
  ];
  const worst = environments.map((one) => TONES[standingOf(one)]);
  const text = parts.filter((part) => part !== '').join('; ');
  // A name stands as it is written.
  const begins = environments.some(({ name }) => text.startsWith(name)) ? text : capital(text);
  return {
    tone: worst.includes('bad') ? 'bad' : worst.includes('warn') ? 'warn' : 'good',
    sentence: `${begins}.`,
  };
}

function standingText(environments: readonly EnvironmentReport[], running: boolean): string {
  const of = (...wanted: readonly Standing[]) => environments.filter((one) => wanted.includes(standingOf(one)));
  const [unknown, over, heading] = [of('unknown'), of('over'), of('heading over')];
  const within = of('waiting', 'stopped now', 'blind', 'stopped', 'burning', 'limited', 'within');
  const nothing = environments.every(usedNothing);
  if (nothing) return environments.length === 1 ? `${nameOf(environments[0])} used nothing` : 'nothing was used';
  const known = environments.length - unknown.length;
  const verb = running ? (count: number) => (count === 1 ? 'is' : 'are') : () => 'stayed';
  return [
    ...(unknown.length > 0 ? [`what ${namesOf(unknown)} spent is not known`] : []),
    ...(over.length === 1 ? [overText(over[0]!, running)] : []),
    ...(over.length > 1 ? [overTexts(over, running)] : []),
    ...(heading.length > 0 ? [headingText(heading)] : []),
    ...(within.length === 0
      ? []
      : [`${whoOf(within, known, environments.length)} ${verb(within.length)} within ${itsLimit(within)}`]),
  ].join('; ');
}

/** Where a line cannot see, a bill of nothing says little. */
function usedNothing({ spent, counted = ZERO, guard }: EnvironmentReport): boolean {
  return spent.kind === 'known' && spent.value === ZERO && counted === ZERO && (guard?.blind ?? []).length === 0;
}

function burnText(environments: readonly EnvironmentReport[], running: boolean): string {
  const burning = environments.filter(({ burns }) => burns === true);
  if (burning.length === 0) return '';
  return `a prompt cache of ${namesOf(burning)} ${running ? 'costs more than it saves' : 'cost more than it saved'}`;
}

/** `the meter of dev is blind or unknown`, `three lines of dev and prod wait for a person`. */
function guardText(
  environments: readonly EnvironmentReport[],
  kind: 'waiting' | 'blind',
  [one, several]: readonly [string, string],
): string {
  const such = environments.filter(({ guard }) => (guard?.[kind] ?? []).length > 0);
  const lines = such.flatMap(({ guard }) => guard?.[kind] ?? []);
  if (lines.length === 0) return '';
  const who = lines.length === 1 ? `the ${lines[0]}` : `${numberWord(lines.length)} lines`;
  return `${who} of ${namesOf(such)} ${lines.length === 1 ? one : several}`;
}

/** `all three environments`, `both environments`, the name of one, `the other two`. */
function whoOf(within: readonly EnvironmentReport[], known: number, all: number): string {
  if (all === 1) return nameOf(within[0]);
  if (within.length === all) return all === 2 ? 'both environments' : `all ${numberWord(all)} environments`;
  if (within.length <= 2) return namesOf(within);
  return within.length === known
    ? `the ${numberWord(within.length)} others that are known`
    : `the other ${numberWord(within.length)}`;
}

function itsLimit(within: readonly EnvironmentReport[]): string {
  const several = within.some((one) => monthsOf(one).length > 1) ? ' in each month' : '';
  const [one] = within;
  if (within.length > 1 || one === undefined) return `their limits${several}`;
  return several === '' ? `its limit of ${money(one.limit)}` : `its limit of ${money(one.limit)}${several}`;
}

function overText(report: EnvironmentReport, running: boolean): string {
  const months = monthsOf(report);
  const beyond = beyondLimit(report);
  const name = nameOf(report);
  if (months.length > 1) {
    const over = monthsOver(report);
    const when =
      over === months.length
        ? `each of ${numberWord(months.length)} months`
        : `${numberWord(over)} of ${numberWord(months.length)} months`;
    return `${name} went over its limit of ${money(report.limit)} in ${when}, by ${money(beyond)} in all`;
  }
  const by = isByOther(report) ? ', by the meter' : '';
  return `${name} ${running ? 'is' : 'went'} ${money(beyond)} over its limit of ${money(report.limit)}${by}`;
}

function overTexts(over: readonly EnvironmentReport[], running: boolean): string {
  const by = `by ${money(sumOver(over))} in all`;
  if (over.length > 3 || over.every((one) => monthsOf(one).length < 2)) {
    return `${namesOf(over)} ${running ? 'are' : 'went'} over their limits, ${by}`;
  }
  const each = over.map(
    (one) => `${nameOf(one)} in ${numberWord(monthsOver(one))} of ${numberWord(monthsOf(one).length)} months`,
  );
  return `limits were passed ${by}: ${listed(each)}`;
}

function headingText(heading: readonly EnvironmentReport[]): string {
  const [one] = heading;
  if (heading.length > 1 || one?.forecast === undefined)
    return `${namesOf(heading)} are on track to end above their limits`;
  const beyond = since(one.forecast, one.limit);
  return `${nameOf(one)} is on track to end at ${money(one.forecast)}, ${money(beyond)} above its limit`;
}

/** Who was stopped, how often, and what that kept from being spent. */
function stopText(environments: readonly EnvironmentReport[]): string {
  const now = environments.filter(({ deniedNow }) => deniedNow === 'stopped');
  if (now.length > 0) {
    const who = environments.length === 1 ? 'it' : namesOf(now);
    return `${who} ${now.length === 1 ? 'is' : 'are'} stopped now`;
  }
  const stopped = environments.filter((one) => stopsOf(one) > 0);
  const [one] = stopped;
  if (one === undefined) return limitedText(environments);
  const denied = nanoUsd(stopped.reduce((sum, { denied: amount = ZERO }) => sum + amount, 0));
  const inError = stopped.some(({ stoppedInError }) => stoppedInError === true);
  const saved =
    denied === ZERO
      ? ''
      : inError
        ? ` on a bill that was wrong, which refused work worth ${about(denied)}`
        : ` and saved ${about(denied)}`;
  if (stopped.length === 1)
    return `${environments.length === 1 ? 'it' : nameOf(one)} was stopped ${timesText(stopsOf(one))}${saved}`;
  return `${namesOf(stopped)} were stopped${saved}`;
}

function limitedText(environments: readonly EnvironmentReport[]): string {
  const now = environments.filter(({ deniedNow }) => deniedNow === 'degraded');
  if (now.length > 0) return `large models are denied now${environments.length === 1 ? '' : ` in ${namesOf(now)}`}`;
  const limited = environments.filter(({ holds }) => holds.length > 0);
  return limited.length === 0
    ? ''
    : `large models were denied for a time${environments.length === 1 ? '' : ` in ${namesOf(limited)}`}`;
}

function comparison(before: EnvironmentReport, after: EnvironmentReport): Verdict {
  if (before.spent.kind === 'unavailable' || after.spent.kind === 'unavailable') {
    return { tone: 'bad', sentence: 'What one of the two configs comes to is not known.' };
  }
  const [a, b] = [before.spent.value, after.spent.value];
  const tone = beyondLimit(after) > ZERO ? 'bad' : 'good';
  if (a === b) return { tone, sentence: `Both configs come to the same: ${money(a)}.` };
  const difference = nanoUsd(Math.abs(a - b));
  const share = a > 0 ? `, ${percentText(difference, a)}` : '';
  const more = b > a ? 'more' : 'less';
  return {
    tone,
    sentence: `The second config spends ${money(difference)} ${more} on the same usage (${money(b)} against ${money(a)}${share}).`,
  };
}

/** The months' own amounts; of one month the larger of what its sources know. */
function monthsOf(report: EnvironmentReport): readonly NanoUsd[] {
  const courses = coursesOf(report).map(({ spent }) => spent);
  if (courses.length > 1) return courses;
  const { spent, counted } = report;
  if (isByOther(report) && counted !== undefined) return [counted];
  return spent.kind === 'known' ? [spent.value] : [];
}

function isByOther({ spent, counted }: EnvironmentReport): boolean {
  return counted !== undefined && (spent.kind === 'unavailable' || counted > spent.value);
}

function monthsOver(report: EnvironmentReport): number {
  return monthsOf(report).filter((spent) => spent > report.limit).length;
}

function sumOver(over: readonly EnvironmentReport[]): NanoUsd {
  return nanoUsd(over.reduce((sum, one) => sum + beyondLimit(one), 0));
}

function nameOf(report: EnvironmentReport | undefined): string {
  return report?.name ?? '';
}

/** Up to three by name. */
function namesOf(reports: readonly EnvironmentReport[]): string {
  return reports.length <= 3 ? listed(reports.map(nameOf)) : `${numberWord(reports.length)} environments`;
}

function timesText(count: number): string {
  return ['', 'once', 'twice'][count] ?? `${numberWord(count)} times`;
}
