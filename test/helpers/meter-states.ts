import type { Alert } from '../../core/decision/alert-mail';
import { DAY_MS, monthStart, utcDay, type UtcMonth } from '../../core/calendar';
import type { CacheBurn, CacheUse } from '../../core/meter/cache-types';
import type { CanaryRecord } from '../../core/meter/canary';
import type { KnownSeries, MeterState } from '../../core/decision/meter-state';
import type { KnownAssessment, ModelSpend, UncountedUsage } from '../../core/meter/types';
import { usd } from '../../core/money';
import type { Principal } from '../../core/enforcement/ports';

/** With every field that may be absent. */
export type Whole<T> = T extends string | number | boolean
  ? T
  : T extends readonly (infer One)[]
    ? readonly Whole<One>[]
    : { [K in keyof T]-?: Whole<T[K]> };

export const NOVEMBER = '2026-11' as UtcMonth;
const TOKENS = { input: 1_234_567, output: 234_567, cacheRead: 0, cacheWrite: 12 };

/** An id of the length that application inference profiles have. */
export const profileId = (at: number): string => `p${String(at).padStart(11, '0')}`;

export function modelSpend(at = 1): ModelSpend {
  return {
    metricId: profileId(at),
    region: 'us-east-1',
    modelId: `anthropic.claude-sonnet-4-5-20250929-v1:${at}`,
    tier: 'large',
    tokens: TOKENS,
    monthToDate: usd('12.345678901'),
    today: usd('1.2'),
  };
}

function uncounted(at: number): UncountedUsage {
  return { metricId: profileId(at), region: 'eu-central-1', owner: 'staging', tokens: TOKENS };
}

const DRIFTED: Principal = { kind: 'role', name: 'app' };
const TRIGGER = { cause: 'threshold', level: 'stopped', line: usd(95), text: 'spend 96% >= 95%' } as const;
const CROSSED = { atPercent: 75.5, effect: 'degrade', basis: 'actual', amount: usd('75.5') } as const;
const CHANGE = { from: 'open', to: 'stopped', reason: 'because' } as const;
const OVERRIDE = { since: 1, by: 'arn:aws:iam::111122223333:user/ann', reason: 'launch', limit: usd(200), until: 9 };
const FINDING = { kind: 'negative', understates: true, text: 'a negative count: left out' } as const;

const CACHE_BURN: Whole<CacheBurn> = {
  metricId: profileId(1),
  region: 'us-east-1',
  modelId: 'anthropic.claude-sonnet-4-5-20250929-v1:0',
  tokens: TOKENS,
  readsPerWrite: 0.05,
  breakEven: 0.28,
  lost: usd('12.3'),
  writesPercent: 71.5,
  likelyCause: 'the start of the prompt differs in each call',
  from: 1,
  to: 2,
  lostAtLeast: usd(3),
  spend: usd(20),
  before: 12,
  aboveBefore: usd(15),
};

const STAMP = { at: 1_763_000_000_000, spend: { amount: usd(76), limit: usd(100), lowerBound: true } } as const;

/** One of every kind, with every optional field. */
export const ALERTS = {
  threshold: {
    kind: 'threshold',
    ...STAMP,
    key: 'a',
    highest: CROSSED,
    others: [CROSSED],
    monthToDate: usd(76),
    limit: usd(100),
    change: CHANGE,
  },
  state: { kind: 'state', ...STAMP, key: 'b', change: CHANGE, monthToDate: usd(96), limit: usd(100) },
  burn: {
    kind: 'burn',
    ...STAMP,
    key: 'c',
    burnPerMinute: usd('0.5'),
    runsOutAt: 2,
    monthToDate: usd(1),
    limit: usd(2),
  },
  grace: { kind: 'grace', ...STAMP, key: 'd', until: 3, why: 'lowered', triggers: [TRIGGER] },
  unattributed: { kind: 'unattributed', ...STAMP, key: 'e', models: [modelSpend()] },
  cacheBurn: { kind: 'cacheBurn', ...STAMP, key: 'u', burns: [CACHE_BURN] },
  findings: { kind: 'findings', ...STAMP, key: 'f', day: utcDay(0), findings: [FINDING] },
  blind: { kind: 'blind', ...STAMP, key: 'g', since: 4, why: 'no answer', stops: true },
  sighted: { kind: 'sighted', ...STAMP, key: 'h', blindSince: 5 },
  overrideStarted: { kind: 'overrideStarted', ...STAMP, key: 'i', override: OVERRIDE, endsAt: 6 },
  overrideEnded: { kind: 'overrideEnded', ...STAMP, key: 'j', since: 7, desired: 'degraded' },
  drift: {
    kind: 'drift',
    ...STAMP,
    key: 'k',
    drift: [
      { kind: 'flipped', found: 'open', expected: 'stopped' },
      { kind: 'edited', ids: ['v4'] },
      { kind: 'deleted', state: 'degraded' },
      { kind: 'detached', principal: DRIFTED },
    ],
    enforced: 'open',
  },
  partial: {
    kind: 'partial',
    ...STAMP,
    key: 'l',
    open: [{ principal: DRIFTED, why: 'LimitExceededException' }],
    enforced: 'stopped',
  },
  complete: { kind: 'complete', ...STAMP, key: 'm', enforced: 'stopped' },
  billLeftover: {
    kind: 'billLeftover',
    ...STAMP,
    key: 'r',
    policyArn: 'arn:aws:iam::123456789012:policy/deny-bill',
    holders: [DRIFTED],
    lift: true,
  },
  notTold: { kind: 'notTold', ...STAMP, key: 's', trouble: { kind: 'edited', text: 'threshold is 1000, not 1' } },
  budgetOrders: { kind: 'budgetOrders', ...STAMP, key: 't', why: 'item meter/budget-orders of state is broken' },
  leak: { kind: 'leak', ...STAMP, key: 'n', leaks: [{ model: modelSpend(), amount: usd(1) }] },
  batch: {
    kind: 'batch',
    ...STAMP,
    key: 'o',
    stopped: [{ arn: 'arn', name: 'nightly', modelId: 'amazon.nova-lite-v1:0', roleArn: 'role' }],
    failed: ['batch job weekly (ThrottlingException)'],
  },
  billAction: { kind: 'billAction', ...STAMP, key: 'p', did: 'reverse', why: 'an override holds' },
  billActionFailed: { kind: 'billActionFailed', ...STAMP, key: 'q', did: 'reset', why: 'ResourceLockedException' },
  contradiction: {
    kind: 'contradiction',
    ...STAMP,
    key: 'r',
    environment: 'dev',
    status: 'EXECUTION_SUCCESS',
    line: usd(95),
    meter: usd(20),
  },
  graceEnded: { kind: 'graceEnded', ...STAMP, key: 'v', desired: 'open', reason: 'spend is under every line' },
  priced: { kind: 'priced', ...STAMP, key: 'w', models: [{ metricId: profileId(1), region: 'us-east-1' }], left: 1 },
  toldAgain: { kind: 'toldAgain', ...STAMP, key: 'x' },
  budgetOrdersRead: { kind: 'budgetOrdersRead', ...STAMP, key: 'y' },
  leakEnded: { kind: 'leakEnded', ...STAMP, key: 'z', enforced: 'open' },
  billLeftoverEnded: { kind: 'billLeftoverEnded', ...STAMP, key: 'aa' },
  billActionSettled: { kind: 'billActionSettled', ...STAMP, key: 'ab', did: 'reverse', isDone: true },
  contradictionEnded: { kind: 'contradictionEnded', ...STAMP, key: 'ac' },
} satisfies { readonly [Kind in Alert['kind']]: Whole<Extract<Alert, { kind: Kind }>> };

export interface Size {
  readonly models: number;
  /** Of neighbours, and of nobody. */
  readonly uncounted: number;
  readonly findings: number;
}
const SMALL: Size = { models: 2, uncounted: 1, findings: 1 };

const many = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

/** Every optional field is there. */
export function assessment(
  month: UtcMonth,
  size: Size,
): Required<KnownAssessment> & { readonly cache: Whole<CacheUse> } {
  const at = monthStart(month) + 9 * DAY_MS;
  const day = utcDay(at);
  const spent = { monthToDate: usd('74.100000001'), day, today: usd('1.5') };
  return {
    kind: 'known',
    asOf: at,
    month,
    ...spent,
    lastHour: usd('0.25'),
    burnPerMinute: usd('0.01'),
    lowerBound: true,
    complete: { until: at, spent: usd(74) },
    byModel: many(size.models, modelSpend),
    unattributed: many(size.models, modelSpend),
    foreign: many(size.uncounted, uncounted),
    unguarded: many(size.uncounted, uncounted),
    findings: many(size.findings, (index) => ({
      ...FINDING,
      text: `us-east-1 AWS/Bedrock CacheWriteInputTokenCount ModelId=${profileId(index)},ResolvedServiceTier=priority,ServiceTier=priority: a negative count: left out`,
    })),
    cache: {
      burns: many(5, (index) => ({ ...CACHE_BURN, metricId: profileId(index) })),
      lately: many(5, (index) => ({ ...CACHE_BURN, metricId: profileId(index) })),
      unknown: many(5, (index) => ({
        metricId: profileId(index),
        region: 'us-east-1',
        modelId: CACHE_BURN.modelId,
        writes: usd(7),
        why: 'no price of a cache write is known',
      })),
    },
    memory: { month, at, ...spent, ring: many(65, (index) => ({ at: at + index, monthToDate: usd(index) })) },
  };
}

/** Every optional field is there, and every kind of alert waits. */
export function fullState(month: UtcMonth = NOVEMBER, revision = 1, size: Size = SMALL) {
  const known = assessment(month, size);
  const { asOf: at, day, monthToDate, today } = known;
  const lines = { limit: usd(100), stop: usd(95), degrade: usd(75), daily: usd(40), brake: usd(20) };
  return {
    schemaVersion: 1,
    month,
    revision,
    desired: 'stopped',
    installedAt: 1_700_000_000_000,
    decision: {
      month,
      at,
      desired: 'stopped',
      lines,
      holds: [{ ...TRIGGER, limit: usd(100), day }],
      grace: { until: at + 1, why: 'firstSeen', causes: ['daily', 'brake'], before: lines },
      alerted: [`${month}|50`, `${month}|75`],
      lastKnown: { at, month, monthToDate, day, today },
      lastSeenAt: at,
      blindSince: at,
      burnAlert: { day, burnPerMinute: usd('0.01'), rearmed: false },
      override: { since: at, monthToDate, day, today },
    },
    memory: known.memory,
    reading: { at, known, unknown: 'throttled', burnPrevious: usd('0.02'), again: true, canaryOverdueSince: at },
    gate: {
      everShowedData: true,
      lastActivityAt: at,
      settled: { from: at - 4_500_000, before: at - 900_000, calls: 7 },
      outspentAt: at,
      told: {
        lookedAt: at,
        trusted: false,
        trouble: { kind: 'lost', text: 'it changed its state' },
        looks: 1,
        lostAt: at,
        unseen: { calls: 2, since: at },
      },
    },
    claimedUntil: at + 60_000,
    outbox: Object.values(ALERTS),
    lastAlertAt: at,
    firing: { leak: true, contradiction: true, notTold: true, billAction: 'reset' },
    enforcement: {
      switchedTo: 'stopped',
      versions: { open: 'v1', degraded: 'v2', stopped: 'v3' },
      foreign: ['v4'],
      principals: 'digest',
      stoppedSince: at,
      leakBaseline: Object.fromEntries(known.byModel.map(({ region, metricId }) => [`${region}|${metricId}`, usd(1)])),
      pagedOpen: ['role app'],
      pagedWhileOpen: true,
      toldAutoStop: 'stopped',
    },
    bill: {
      ...{ appliedMonth: month, reversedFor: at, leftoverTold: ['role app'] },
      ...{ armedLine: usd(95), appliedLine: usd(95), raisedFrom: usd(95) },
    },
    budgets: { limits: { search: usd(20), 'search/nightly': usd(2) }, since: at, unread: 'broken' },
    unsaid: true,
    closed: false,
  } satisfies Whole<MeterState>;
}

/** Four components of every model, in three dimension sets each. */
export function knownSeries(month: UtcMonth = NOVEMBER, count = 4): KnownSeries {
  const metrics = ['InputTokenCount', 'OutputTokenCount', 'CacheReadInputTokenCount', 'CacheWriteInputTokenCount'];
  return {
    month,
    series: many(count, (at) => ({
      namespace: 'AWS/Bedrock',
      region: 'ap-southeast-2',
      metric: metrics[at % 4]!,
      dimensions: {
        ModelId: `arn:aws:bedrock:ap-southeast-2:111122223333:application-inference-profile/${profileId(at)}`,
        ResolvedServiceTier: 'priority',
        ServiceTier: 'priority',
      },
    })),
    profiles: Object.fromEntries(many(Math.ceil(count / 4), (at) => [profileId(at), `amazon.nova-lite-v1:${at}`])),
  };
}

export function canaryRecord(atMs: number): CanaryRecord {
  return {
    atMs,
    profileId: 'canary123456',
    profileArn: 'arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/canary123456',
    modelId: 'amazon.nova-micro-v1:0',
    inputTokens: 7,
    outputTokens: 1,
  };
}
