import type { EnvironmentConfig } from '../../config';
import { alertMail } from '../../core/decision';
import { DAY_MS, monthStart, utcDay } from '../../core/calendar';
import { formatUsd, nanoUsd, ZERO, type NanoUsd } from '../../core/money';
import { guardItself, type Reaction, selfCostTotal } from '../../core/estimates';
import type { Replay } from '../../core/replay';
import type { EnvironmentOutcome, Stop } from '../outcome';
import type { MonthResult } from '../simulate-month';
import type { GuardMail } from '../world/journal';

/** What happened in one environment: the text for a terminal and the page are both made of these, and of the facts below. */
export interface ReportEvent {
  readonly at: number;
  readonly kind: 'mail' | 'stop' | 'degrade' | 'open';
  readonly text: string;
  /** Month-to-date then, where it is known; else the chart takes it from its line. */
  readonly spent?: NanoUsd;
  /** A mail of something that denies nobody and yet costs money. @default - none */
  readonly concern?: 'cacheBurn';
}

export interface ReportFact {
  readonly label: string;
  readonly value: string;
}

/** Its report comes daily whatever happens: it is counted, not listed. */
const DAILY = 'cost-check';
const METER = 'spend-meter';

/** `2026-03`, or the days that were played of it. */
export function playedPeriod({ month, scenario }: Pick<MonthResult, 'month' | 'scenario'>): string {
  if (scenario.days === undefined) return month;
  const [first, last] = [utcDay(monthStart(month)), utcDay(monthStart(month) + (scenario.days - 1) * DAY_MS)];
  return first === last ? first : `${first} to ${last}`;
}

/** In order of time. */
export function outcomeEvents({
  environment,
  alerts,
  stops,
  meterChanges,
  mails,
}: EnvironmentOutcome): readonly ReportEvent[] {
  return inOrder([
    ...alerts.map(({ atMs, type, atPercent, seen, scope }): ReportEvent => ({
      at: atMs,
      kind: 'mail',
      text: `AWS Budgets${scope === 'account' ? ', over the whole account' : ''}: ${atPercent}%, ${type === 'FORECASTED' ? 'forecast' : 'at a bill of'} ${formatUsd(seen)}`,
    })),
    ...stops.flatMap(budgetsActionEvents),
    ...mails
      .filter(({ feature }) => feature !== DAILY)
      .map((mail): ReportEvent => ({
        at: mail.atMs,
        kind: 'mail',
        text:
          mail.feature === METER ? meterMailText(environment.name, mail.subject, mail.body) : `mail: ${mail.subject}`,
        ...(isOfCacheBurn(mail) && { concern: 'cacheBurn' }),
      })),
    ...meterChanges.map(({ atMs, from, to, reason, spent }): ReportEvent => ({
      at: atMs,
      kind: kindOf(to),
      text: `the meter: ${from} -> ${to}: ${reason}`,
      spent,
    })),
  ]);
}

/** @param environment whose name the mails carry */
export function replayEvents({ name }: Pick<EnvironmentConfig, 'name'>, result: Replay): readonly ReportEvent[] {
  return inOrder([
    ...result.alerts.map(({ at, alert }): ReportEvent => {
      const { subject, text } = alertMail(alert, { environment: name, enforce: true });
      const concern = alert.kind === 'cacheBurn' ? ({ concern: 'cacheBurn' } as const) : {};
      return { at, kind: 'mail', text: meterMailText(name, subject, text), ...concern };
    }),
    ...result.changes.map(({ at, holdsFrom, from, to, reason }): ReportEvent => ({
      at,
      kind: kindOf(to),
      text: `the meter: ${from} -> ${to}: ${reason}; it holds from ${utcMinute(holdsFrom)} on`,
    })),
  ]);
}

/** A fact of a cache has the key of its alert, which names the kind. */
export function isOfCacheBurn({ notices }: Pick<GuardMail, 'notices'>): boolean {
  return notices.some(({ fact }) => fact.includes('|cacheBurn|'));
}

export function outcomeFacts(outcome: EnvironmentOutcome): readonly ReportFact[] {
  const { environment, spent, beyondLimit, afterStopLine, refused, mails } = outcome;
  return [
    { label: 'Spent', value: formatUsd(spent) },
    { label: 'Beyond the limit', value: formatUsd(beyondLimit) },
    { label: 'After the stop line was crossed', value: formatUsd(afterStopLine) },
    { label: 'Denied, so not spent', value: formatUsd(refused) },
    { label: 'Stops', value: stopsText(outcome) },
    { label: 'Mails of the guard', value: String(mails.length) },
    ...overshootFacts(environment),
    ...ownCostFacts(outcome),
  ];
}

/** @param besideSpent what its figure leaves out */
export function replayFacts(
  environment: EnvironmentConfig,
  result: Replay,
  besideSpent?: string,
): readonly ReportFact[] {
  return [
    { label: 'Spent', value: [formatUsd(result.spent), ...(besideSpent ? [besideSpent] : [])].join('; ') },
    { label: 'Beyond the limit', value: formatUsd(beyond(result, environment.limit)) },
    { label: 'Denied, so not spent', value: formatUsd(result.denied) },
    { label: 'Mails', value: String(result.alerts.length) },
    { label: 'Stops', value: String(result.changes.filter(({ to }) => to === 'stopped').length) },
    { label: 'Assumed', value: assumedText(result.assumed) },
    ...overshootFacts(environment),
  ];
}

/** `4 by the meter, 1 by AWS Budgets`, or `none`. */
export function stopsText({
  environment,
  stops,
  meterChanges,
}: Pick<EnvironmentOutcome, 'environment' | 'stops' | 'meterChanges'>): string {
  // A meter that only watches notes what it would have done.
  const byMeter = environment.meter.enforce ? meterChanges.filter(({ to }) => to === 'stopped').length : 0;
  const byBudgets = stops.filter(({ attachedMs }) => attachedMs !== undefined).length;
  const told = [
    ...(byMeter > 0 ? [`${byMeter} by the meter`] : []),
    ...(byBudgets > 0 ? [`${byBudgets} by AWS Budgets`] : []),
  ];
  return told.length === 0 ? 'none' : told.join(', ');
}

/** `2026-03-11 03:07`, UTC. */
export function utcMinute(at: number): string {
  return new Date(at).toISOString().slice(0, 16).replace('T', ' ');
}

function assumedText({ metricDelayMinutes, tickMinutes, enforcementMinutes }: Reaction): string {
  return `tokens show ${minutes(metricDelayMinutes)} after the minute in which they were used, a tick each ${tickMinutes === 1 ? 'minute' : minutes(tickMinutes)}, ${minutes(enforcementMinutes)} from a decision until it holds`;
}

function minutes(count: number): string {
  return count === 1 ? '1 minute' : `${count} minutes`;
}

/** With its first line where that says more than the subject: that points were left out, or that nothing is seen, needs its why. */
function meterMailText(environment: string, subject: string, body: string): string {
  const title = subject.replace(`[meter] ${environment} `, '');
  const [first = ''] = body.split('\n');
  const known =
    title
      .split(': ')
      .at(-1)
      ?.replace(/\.\.\.$/, '') ?? '';
  return `mail: ${title}${first === '' || first.includes(known) ? '' : ` (${first})`}`;
}

/** A budgets action, with whatever became of it. */
function budgetsActionEvents(stop: Stop): readonly ReportEvent[] {
  const { triggeredMs, attachedMs, needsApproval, seen, spent, onFalseBill } = stop;
  const bill = `at a bill of ${formatUsd(seen)}${onFalseBill ? ', which was wrong' : ''}`;
  const asked: readonly ReportEvent[] = needsApproval
    ? [{ at: triggeredMs, kind: 'mail', text: `AWS Budgets asks a person, ${bill}`, spent }]
    : [];
  if (attachedMs !== undefined) {
    const then = attachedMs === triggeredMs ? { spent } : {};
    return [...asked, { at: attachedMs, kind: 'stop', text: `AWS Budgets denies all models, ${bill}`, ...then }];
  }
  const text = needsApproval ? 'the person did not approve' : `AWS Budgets failed to deny, ${bill}`;
  return [...asked, { at: triggeredMs, kind: 'mail', text, spent }];
}

/** Of each month of its own: a limit is for a month. */
function beyond({ months }: Replay, limit: NanoUsd): NanoUsd {
  return nanoUsd(months.reduce((sum, { spent }) => sum + Math.max(0, spent - limit), 0));
}

function overshootFacts({ meter }: EnvironmentConfig): readonly ReportFact[] {
  const { known, unknownModels } = meter.overshoot;
  const more = unknownModels.length > 0 ? `, without ${unknownModels.join(', ')}` : '';
  const value = known === 'unknown' ? 'unknown' : `${formatUsd(known.amount)}${more}`;
  return [{ label: 'Overshoot estimate of the meter', value }];
}

function ownCostFacts({ ownCost }: EnvironmentOutcome): readonly ReportFact[] {
  const label = 'The guard itself, a month';
  if (ownCost === undefined) return [{ label, value: 'unknown' }];
  const value = (items: typeof ownCost) => {
    const { freeTierLeft, freeTierUsedUp } = selfCostTotal(items);
    return `${formatUsd(freeTierLeft)}, ${formatUsd(freeTierUsedUp)} without free tier`;
  };
  const apart = ownCost.filter(({ leftOutBy, freeTierUsedUp }) => leftOutBy !== undefined && freeTierUsedUp > ZERO);
  return [
    { label, value: value(guardItself(ownCost)) },
    ...apart.map((item) => ({ label: `Apart from that, ${item.what}`, value: value([item]) })),
  ];
}

function inOrder(events: readonly ReportEvent[]): readonly ReportEvent[] {
  return [...events].sort((a, b) => a.at - b.at);
}

function kindOf(state: string): ReportEvent['kind'] {
  if (state === 'stopped') return 'stop';
  return state === 'degraded' ? 'degrade' : 'open';
}
