import { HOUR_MS, MINUTE_MS, monthStart, utcMonth } from '../../../core/calendar';
import { decide } from '../../../core/decision/decide';
import { type DecisionState } from '../../../core/decision/types';
import { assess } from '../../../core/meter/assess';
import { pace } from '../../../core/meter/pacing';
import type { KnownAssessment, Series, UsageResolution } from '../../../core/meter/types';
import { ZERO } from '../../../core/money';
import { usageCost, type TokenUsage } from '../../../core/prices';
import type { ReplayLines } from '../../../core/replay/lines';
import type { ReplayChange } from '../../../core/replay/replay';
import type { PricedModel, UsageRow } from '../../../core/replay/usage';
import type { DesiredState } from '../../../core/stop-lines/triggers';

/** What is used in one minute by one model. */
interface Used {
  readonly minute: number;
  readonly model: PricedModel;
  readonly tokens: TokenUsage;
}

const METRICS = {
  input: 'InputTokenCount',
  output: 'OutputTokenCount',
  cacheRead: 'CacheReadInputTokens',
  cacheWrite: 'CacheWriteInputTokens',
} as const;
const COMPONENTS = ['input', 'output', 'cacheRead', 'cacheWrite'] as const;

/** How far back the meter's gate looks, as lambda/spend-meter has it. */
const GATE_MINUTES = 20;

/**
 * The replay as one would write it without a thought for speed: every minute ticks, every read adds up the whole month
 * anew, and the meter's own pacing, assessment and decision say the rest.
 */
export function plainReplay(rows: readonly UsageRow[], models: readonly PricedModel[], lines: ReplayLines) {
  const asked = byMinute(rows, models);
  const minutes = [...asked.keys()].sort((a, b) => a - b);
  const [first, last] = [minutes[0], minutes.at(-1)];
  const alerts: { at: number; kind: string; key: string }[] = [];
  const changes: ReplayChange[] = [];
  const spent: Used[] = [];
  const denied: Used[] = [];
  if (first === undefined || last === undefined) return { alerts, changes, spent: ZERO, denied: ZERO };

  let previous: DecisionState | undefined;
  let read: { at: number; known: KnownAssessment; burnPrevious?: KnownAssessment['burnPerMinute'] } | undefined;
  let lastActivityAt: number | undefined;
  const tick = (now: number) => {
    const shown = spent.filter(({ minute }) => minute + MINUTE_MS + lines.metricDelayMinutes * MINUTE_MS <= now);
    const active = shown.filter(({ minute }) => minute >= now - GATE_MINUTES * MINUTE_MS);
    if (active.length > 0) lastActivityAt = Math.max(lastActivityAt ?? 0, ...active.map(({ minute }) => minute));
    const paced = pace({
      now,
      ...(read && { lastFullRead: read.at, assessment: read.known }),
      ...(read?.burnPrevious !== undefined && { burnPrevious: read.burnPrevious }),
      gate: {
        everShowedData: lastActivityAt !== undefined,
        ...(lastActivityAt !== undefined && { lastActivityAt }),
        failed: false,
      },
      ...lines,
    });
    if (paced.read) {
      const month = utcMonth(now);
      const reading = { kind: 'complete' as const, readAt: now, month, series: seriesOf(shown, monthStart(month)) };
      const known = assess(reading, resolution(models), read?.known.memory, now);
      if (known.kind === 'unknown') throw new Error(known.why);
      read = { at: now, known, ...(read && { burnPrevious: read.known.burnPerMinute }) };
    }
    if (read === undefined) throw new Error('the first tick reads');
    const decision = decide({
      assessment: read.known,
      ...lines,
      delayMinutes: lines.metricDelayMinutes + lines.tickMinutes + lines.enforcementMinutes,
      ...(previous && { previous }),
      installedAt: first,
      enforce: true,
      onBlind: 'page',
      unknownAfterMinutes: 15,
      now,
      calibration: 1,
    });
    for (const { kind, key } of decision.alerts) alerts.push({ at: now, kind, key });
    const from = previous?.desired ?? 'open';
    if (decision.desired !== from) {
      const holdsFrom = now + lines.enforcementMinutes * MINUTE_MS;
      changes.push({ at: now, holdsFrom, from, to: decision.desired, reason: decision.reason.text });
    }
    previous = decision.next;
  };
  const inForce = (minute: number): DesiredState =>
    changes.filter(({ holdsFrom }) => holdsFrom <= minute).at(-1)?.to ?? 'open';

  const end = last + MINUTE_MS + Math.ceil(lines.metricDelayMinutes) * MINUTE_MS + HOUR_MS;
  for (let now = first; now <= end; now += MINUTE_MS) {
    tick(now);
    for (const used of asked.get(now) ?? []) {
      const state = inForce(now);
      const isDenied = state === 'stopped' || (state === 'degraded' && used.model.tier === 'large');
      (isDenied ? denied : spent).push(used);
    }
  }
  return { alerts, changes, spent: total(spent), denied: total(denied) };
}

/** A span is spread evenly over its minutes, whole tokens, none lost. */
function byMinute(rows: readonly UsageRow[], models: readonly PricedModel[]): ReadonlyMap<number, readonly Used[]> {
  const found = new Map<number, Used[]>();
  for (const { at, spanMs, modelId, tokens } of rows) {
    const model = models.find(({ id }) => id === modelId);
    if (model === undefined) throw new RangeError(modelId);
    const first = Math.floor(at / MINUTE_MS);
    const count = Math.max(1, Math.ceil((at + spanMs) / MINUTE_MS) - first);
    if (COMPONENTS.every((one) => tokens[one] === 0)) continue;
    for (let part = 0; part < count; part++) {
      const share = (whole: number) => Math.floor((whole * (part + 1)) / count) - Math.floor((whole * part) / count);
      const minute = (first + part) * MINUTE_MS;
      const used: Used = {
        minute,
        model,
        tokens: {
          input: share(tokens.input),
          output: share(tokens.output),
          cacheRead: share(tokens.cacheRead),
          cacheWrite: share(tokens.cacheWrite),
        },
      };
      const isUsed = COMPONENTS.some((one) => used.tokens[one] > 0);
      found.set(minute, [...(found.get(minute) ?? []), ...(isUsed ? [used] : [])]);
    }
  }
  return found;
}

function seriesOf(shown: readonly Used[], from: number): readonly Series[] {
  const byName = new Map<string, { id: Series['id']; hours: Map<number, number> }>();
  for (const { minute, model, tokens } of shown) {
    if (minute < from) continue;
    for (const component of COMPONENTS) {
      const key = `${model.id} ${component}`;
      const id = {
        namespace: 'AWS/Bedrock',
        region: 'us-east-1',
        metric: METRICS[component],
        dimensions: { ModelId: model.id },
      };
      const series = byName.get(key) ?? { id, hours: new Map<number, number>() };
      byName.set(key, series);
      const hour = Math.floor(minute / HOUR_MS) * HOUR_MS;
      series.hours.set(hour, (series.hours.get(hour) ?? 0) + tokens[component]);
    }
  }
  return [...byName.values()].map(({ id, hours }) => ({
    id,
    points: [...hours].map(([at, value]) => ({ at, value })),
  }));
}

function resolution(models: readonly PricedModel[]): UsageResolution {
  const [any] = models;
  if (any === undefined) throw new RangeError('no model');
  return {
    metering: 'profiles',
    classes: Object.fromEntries(
      models.map(({ id, tier, price }) => [
        id,
        { kind: 'ours' as const, model: { id, metricIds: [id], calledId: id, modelId: id, tier, price } },
      ]),
    ),
    dearest: any.price,
  };
}

function total(all: readonly Used[]) {
  return all.reduce((sum, { model, tokens }) => sum + usageCost(tokens, model.price), 0);
}
