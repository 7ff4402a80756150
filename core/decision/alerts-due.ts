import type { Alert, PricedModel, StateChange } from './alert';
import { DAY_MS, MINUTE_MS, monthStart, nextMonth, previousMonth, utcDay, type UtcMonth } from '../calendar';
import type { Blindness, DecideInput, DecisionState, Reason } from './types';
import { burnsToTell, type KnownAssessment } from '../meter';
import { percentOf, type NanoUsd } from '../money';
import {
  overrideEnd,
  type Override,
  crossed,
  type CrossedThreshold,
  type ThresholdEffect,
  type Trigger,
} from '../stop-lines';

export interface AlertContext {
  readonly input: DecideInput;
  readonly state: Omit<DecisionState, 'alerted' | 'burnAlert'>;
  readonly reason: Reason;
  readonly found: readonly Trigger[];
  readonly blind: Blindness | undefined;
  readonly blindStops: boolean;
  readonly override: Override | undefined;
}

/**
 * What to send, and the keys by which it is never sent again, each beginning with its month. Keys are for what every read of
 * the month finds anew; what turns from one state to another is told by the state before, and would fill the table where
 * something flaps for weeks.
 */
export function alertsFor(context: AlertContext): {
  readonly alerts: readonly Alert[];
  readonly keys: readonly string[];
  /** Keys of what has ended: should it come again, it is sent again. */
  readonly ended: readonly string[];
  readonly burnAlert: DecisionState['burnAlert'];
} {
  const { input } = context;
  const change = changeOf(context);
  const fromRead = input.assessment.kind === 'known' ? readAlerts(context, input.assessment, change) : NOTHING;
  const burn = burnAlert(context);
  const alerts = [
    ...fromRead.alerts,
    ...(change !== undefined && !fromRead.alerts.some(({ kind }) => kind === 'threshold')
      ? [stateAlert(context, change)]
      : []),
    ...burn.alerts,
    ...graceAlerts(context, change),
    ...sightAlerts(context),
    ...overrideAlerts(context),
  ];
  return { alerts, keys: fromRead.keys, ended: fromRead.ended, burnAlert: burn.next };
}

interface Keyed {
  readonly alerts: readonly Alert[];
  readonly keys: readonly string[];
  readonly ended: readonly string[];
}
const NOTHING: Keyed = { alerts: [], keys: [], ended: [] };

function changeOf({ input, state, reason }: AlertContext): StateChange | undefined {
  const from = input.previous?.desired ?? 'open';
  return from === state.desired ? undefined : { from, to: state.desired, reason: reason.text };
}

function stateAlert({ input, state }: AlertContext, change: StateChange): Alert {
  const spent = state.lastKnown === undefined ? {} : { monthToDate: state.lastKnown.monthToDate };
  return { kind: 'state', key: `${state.month}|state|${change.to}|${state.at}`, change, ...spent, limit: input.limit };
}

function readAlerts({ input, state }: AlertContext, read: KnownAssessment, change: StateChange | undefined): Keyed {
  const before = new Set(input.previous?.alerted);
  const { month } = read;
  const amountKey = ({ amount }: { readonly amount: NanoUsd }) => `${month}|${amount}|meter`;
  const newly = reached(input, read.monthToDate).filter((threshold) => !before.has(amountKey(threshold)));
  const [highest, ...others] = newly;
  const { monthToDate } = read;
  const { limit } = input;
  const threshold: readonly Alert[] =
    highest === undefined
      ? []
      : [
          {
            kind: 'threshold',
            key: amountKey(highest),
            highest,
            others,
            monthToDate,
            limit,
            ...(change && { change }),
          },
        ];
  const modelKey = (model: PricedModel) => `${month}${unattributed(model)}`;
  const models = read.unattributed.filter((model) => !before.has(modelKey(model)));
  const priced = pricedSince(before, read, keptFrom(state.month));
  const [model] = models;
  const cacheKey = ({ metricId, region }: { metricId: string; region: string }) =>
    `${month}|cacheBurn|${region}|${metricId}`;
  const burns = (read.cache === undefined ? [] : burnsToTell(read.cache, limit)).filter(
    (burn) => !before.has(cacheKey(burn)),
  );
  const [burn] = burns;
  const findingsKey = `${month}|findings|${read.day}`;
  // What is in no price list has a mail of its own.
  const findings = before.has(findingsKey)
    ? []
    : read.findings.filter(({ kind }) => kind !== 'fell' && kind !== 'unlisted');
  return {
    alerts: [
      ...threshold,
      ...(model === undefined ? [] : [{ kind: 'unattributed', key: modelKey(model), models } as const]),
      ...(priced.models.length === 0 && priced.unused === 0
        ? []
        : [
            {
              kind: 'priced',
              key: `${month}|priced|${state.at}`,
              models: priced.models,
              left: priced.left,
            } as const,
          ]),
      ...(burn === undefined ? [] : [{ kind: 'cacheBurn', key: cacheKey(burn), burns } as const]),
      ...(findings.length === 0 ? [] : [{ kind: 'findings', key: findingsKey, day: read.day, findings } as const]),
    ],
    keys: [
      ...newly.map(amountKey),
      ...models.map(modelKey),
      ...burns.map(cacheKey),
      ...(findings.length === 0 ? [] : [findingsKey]),
    ],
    ended: priced.ended,
  };
}

/** Keys of two months are kept: around a month's turn a late tick must not send the old month's alerts again. */
export function keptFrom(month: UtcMonth): UtcMonth {
  return previousMonth(month);
}

/** What a key has behind its month. */
function unattributed({ region, metricId }: PricedModel): string {
  return `|unattributed|${region}|${metricId}`;
}

/**
 * What people know to have no price, of this month or the one before, and that is counted at one by now. What is only unused is
 * not priced; it is over once no key of it is kept any more.
 */
function pricedSince(
  keys: ReadonlySet<string>,
  { byModel, unattributed: without }: KnownAssessment,
  kept: UtcMonth,
): {
  readonly models: readonly PricedModel[];
  readonly unused: number;
  readonly ended: readonly string[];
  readonly left: number;
} {
  const told = [...keys].filter((key) => key.slice(MONTH_LENGTH).startsWith('|unattributed|'));
  if (told.length === 0) return { models: [], unused: 0, ended: [], left: 0 };
  const tails = new Set(told.map((key) => key.slice(MONTH_LENGTH)));
  const unpriced = new Set(without.map(unattributed));
  const models = byModel
    .filter((model) => !unpriced.has(unattributed(model)) && tails.has(unattributed(model)))
    .map(({ metricId, region }) => ({ metricId, region }));
  const over = new Set(models.map(unattributed));
  const ended = told.filter((key) => over.has(key.slice(MONTH_LENGTH)));
  const remembered = new Set(told.filter((key) => key >= kept).map((key) => key.slice(MONTH_LENGTH)));
  const still = [...tails].filter((tail) => !over.has(tail) && !unpriced.has(tail));
  const unused = still.filter((tail) => !remembered.has(tail)).length;
  return { models, unused, ended, left: unpriced.size + still.length - unused };
}

const MONTH_LENGTH = 'YYYY-MM'.length;

const EFFECT_RANK: Readonly<Record<ThresholdEffect, number>> = { notify: 0, degrade: 1, stop: 2 };

/** Highest first, one an amount: where two thresholds meet, the stronger effect speaks. */
function reached({ limit, thresholds, stopAtPercent }: DecideInput, monthToDate: NanoUsd): readonly CrossedThreshold[] {
  const stop: CrossedThreshold = {
    atPercent: stopAtPercent,
    effect: 'stop',
    basis: 'actual',
    amount: percentOf(limit, stopAtPercent),
  };
  const all = [...crossed(monthToDate, limit, thresholds), ...(monthToDate >= stop.amount ? [stop] : [])];
  const byAmount = new Map<NanoUsd, CrossedThreshold>();
  for (const one of all) {
    const other = byAmount.get(one.amount);
    if (other === undefined || EFFECT_RANK[one.effect] > EFFECT_RANK[other.effect]) byAmount.set(one.amount, one);
  }
  return [...byAmount.values()].sort((a, b) => b.amount - a.amount);
}

/** Said while there is a day or less left, at most once a UTC day, and again only after the rate has halved in between. */
function burnAlert({ input, state, override }: AlertContext): {
  readonly alerts: readonly Alert[];
  readonly next: DecisionState['burnAlert'];
} {
  const last = input.previous?.burnAlert;
  if (input.assessment.kind === 'unknown') return { alerts: [], next: last };
  const { burnPerMinute, monthToDate, month } = input.assessment;
  const rearmed = last && (last.rearmed || burnPerMinute * 2 <= last.burnPerMinute);
  const next = last && { ...last, rearmed: rearmed === true };
  const limit = override?.limit ?? input.limit;
  if (monthToDate >= limit || state.desired === 'stopped') return { alerts: [], next };
  // Never, where nothing burns.
  const runsOutAt = input.now + ((limit - monthToDate) / burnPerMinute) * MINUTE_MS;
  if (runsOutAt > input.now + DAY_MS || runsOutAt >= monthStart(nextMonth(month))) return { alerts: [], next };
  const day = utcDay(input.now);
  if (last !== undefined && (rearmed !== true || day <= last.day)) return { alerts: [], next };
  return {
    alerts: [{ kind: 'burn', key: `${month}|burn|${day}`, burnPerMinute, runsOutAt, monthToDate, limit }],
    next: { day, burnPerMinute, rearmed: false },
  };
}

function graceAlerts({ input, state, found, reason }: AlertContext, change: StateChange | undefined): readonly Alert[] {
  const { grace } = state;
  if (grace === undefined) {
    const before = input.previous?.grace;
    // A change of state says what has become of it.
    if (before === undefined || change !== undefined) return [];
    const key = `${state.month}|graceEnded|${before.until}|${state.at}`;
    return [{ kind: 'graceEnded', key, desired: state.desired, reason: reason.text }];
  }
  const told = input.previous?.grace?.causes;
  const waiting = found.filter(({ cause }) => grace.causes.includes(cause));
  if (waiting.every(({ cause }) => told?.includes(cause))) return [];
  const key = `${state.month}|grace|${grace.until}|${grace.causes.join()}`;
  return [{ kind: 'grace', key, until: grace.until, why: grace.why, triggers: waiting }];
}

function sightAlerts({ input, state, blind, blindStops }: AlertContext): readonly Alert[] {
  const before = input.previous?.blindSince;
  if (blind !== undefined && before === undefined) {
    return [
      {
        kind: 'blind',
        key: `${state.month}|blind|${blind.since}`,
        since: blind.since,
        why: blind.why,
        stops: blindStops,
      },
    ];
  }
  if (blind === undefined && before !== undefined) {
    return [{ kind: 'sighted', key: `${state.month}|sighted|${before}`, blindSince: before }];
  }
  return [];
}

function overrideAlerts({ input, state, override }: AlertContext): readonly Alert[] {
  const before = input.previous?.override?.since;
  if (override !== undefined) {
    if (before === override.since) return [];
    const key = `${state.month}|override|${override.since}`;
    return [{ kind: 'overrideStarted', key, override, endsAt: overrideEnd(override) }];
  }
  if (before === undefined) return [];
  const key = `${state.month}|overrideEnded|${before}`;
  return [{ kind: 'overrideEnded', key, since: before, desired: state.desired }];
}
