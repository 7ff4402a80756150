import { HOUR_MS, MINUTE_MS } from '../../core/calendar';
import { usd } from '../../core/money';
import type { Principal } from '../../core/ports/attachments';
import { parseSpendMeterEnv, type SpendMeterVariables } from '../../lambda/spend-meter/env';
import { makeHandler, type TickResult } from '../../lambda/spend-meter/handler';
import { FakeApplicationProfiles } from '../../simulator/fakes/application-profiles';
import { FakeAttachments } from '../../simulator/fakes/attachments';
import { FakeBatchJobs } from '../../simulator/fakes/batch-jobs';
import { FakeBudgetActions } from '../../simulator/fakes/budget-actions';
import { FakeDecisionEvents } from '../../simulator/fakes/decision-events';
import { FakeGuardFunctions } from '../../simulator/fakes/guard-functions';
import { FakeGuardStatus } from '../../simulator/fakes/guard-status';
import { FakeMail } from '../../simulator/fakes/mail';
import { FakeMeterState } from '../../simulator/fakes/meter-state';
import { FakeMetrics } from '../../simulator/fakes/metrics';
import { FakeUsageMetrics } from '../../simulator/fakes/usage-metrics';
import type { ListingDelay } from '../../simulator/listing';

export const METER_ARN = 'arn:aws:iam::123456789012:policy/deny-meter';
export const LARGE_ARN = 'arn:aws:iam::123456789012:policy/deny-large';
export const CANARY = 'canary000001';
export const SMALL = 'small0000001';
export const LARGE = 'large0000001';

/** A model of the settings at $1 and $4 per million tokens, without a cache. */
export function shippedModel(id: string, tier: 'small' | 'large', more: Readonly<Record<string, unknown>> = {}) {
  const price = [1_000_000, 4_000_000, null, null];
  return { id, modelId: id, calledId: id, tier, price, metricIds: [], ...more };
}

/** A million input tokens of either model is a dollar; the dearest known rate is ten. */
export const VARIABLES: SpendMeterVariables = {
  ENVIRONMENT: 'dev',
  IDENTITY: 'profile',
  METERING: 'profiles',
  METER_REGIONS: '["us-east-1"]',
  MODELS: JSON.stringify([
    shippedModel('amazon.nova-lite-v1:0', 'small', { profile: 'lite' }),
    shippedModel('amazon.nova-pro-v1:0', 'large', { profile: 'pro' }),
  ]),
  PROFILE_IDS: JSON.stringify({ lite: SMALL, pro: LARGE }),
  PRICES: '{}',
  DEAREST: JSON.stringify([10_000_000, 50_000_000, 1_000_000, 20_000_000]),
  LINES: JSON.stringify({
    limit: usd(100),
    thresholds: [
      { atPercent: 50, effect: 'notify', basis: 'actual' },
      { atPercent: 75, effect: 'notify', basis: 'actual' },
      { atPercent: 90, effect: 'degrade', basis: 'actual' },
      { atPercent: 95, effect: 'stop', basis: 'actual' },
      { atPercent: 100, effect: 'notify', basis: 'forecast' },
    ],
    stopAtPercent: 95,
    dailyLimit: usd(100),
    hourlyBrake: usd(100),
  }),
  TIMING: JSON.stringify({
    unknownAfterMinutes: 15,
    graceMinutes: 60,
    longestGenerationMinutes: 5,
    metricDelayMinutes: 2,
    tickMinutes: 1,
    enforcementMinutes: 1,
  }),
  WORST_CASE_RATE: 'unknown',
  CANARY_PROFILE_ID: CANARY,
  EXTENDED_ACCESS: JSON.stringify({ from: {}, ownPrice: [] }),
  ON_BLIND: 'page',
  ENFORCE: 'true',
  STOP_BATCH_JOBS: 'true',
  PRINCIPALS: JSON.stringify({ roles: ['app'], users: ['bot'], groups: ['people'] }),
  DENY_METER_ARN: METER_ARN,
  DENY_LARGE_ARN: LARGE_ARN,
  ACCOUNT_ID: '123456789012',
  BUDGET_NAME: 'dev-budget',
  BILL_ACTION_ID: 'action-1',
  BILL_ACTION_AT_PERCENT: '95',
  ALERT_TOPIC_ARN: 'arn:aws:sns:us-east-1:123456789012:alerts',
  STATE_TABLE_NAME: 'state',
  LEASES_TABLE_NAME: 'leases',
  AUTO_STOP_FUNCTION: 'auto-stop',
};

export const PRINCIPALS: readonly Principal[] = [
  { kind: 'role', name: 'app' },
  { kind: 'user', name: 'bot' },
  { kind: 'group', name: 'people' },
];

/** One environment's meter over fakes, on a clock of the test's. */
export class SpendMeterWorld {
  now: number;
  readonly usage: FakeUsageMetrics;
  readonly profiles = new FakeApplicationProfiles();
  readonly state = new FakeMeterState();
  readonly batchJobs = new FakeBatchJobs();
  readonly budgetActions = new FakeBudgetActions();
  readonly autoStop = new FakeGuardFunctions();
  readonly status = new FakeGuardStatus();
  readonly events = new FakeDecisionEvents();
  readonly mail = new FakeMail();
  readonly metrics = new FakeMetrics();
  /** IAM's name for why nobody of that name can be changed. */
  readonly refusals = new Map<string, string>();
  readonly attachments = new FakeAttachments(
    (_arn, { name }) => this.refusals.get(name),
    (_arn, { name }) => this.refusals.get(name),
  );
  variables: SpendMeterVariables;

  /** @param listingDelay @default - 0 to 15 minutes by series, from seed 1 */
  constructor(startIso: string, overrides: Partial<SpendMeterVariables> = {}, listingDelay?: ListingDelay) {
    this.now = Date.parse(startIso);
    this.usage = new FakeUsageMetrics({ now: () => this.now, ...(listingDelay && { listingDelay }) });
    this.variables = { ...VARIABLES, ...overrides };
  }

  tick(event: unknown = { source: 'schedule', scheduledAt: new Date(this.now).toISOString() }): Promise<TickResult> {
    const deps = { ...this.ports(), now: () => this.now };
    return makeHandler(deps, parseSpendMeterEnv({ ...this.variables }))(event);
  }

  ports() {
    const { usage, profiles, state, batchJobs, budgetActions, autoStop, status, events, mail, metrics, attachments } =
      this;
    return { usage, profiles, state, batchJobs, budgetActions, autoStop, status, events, mail, metrics, attachments };
  }

  /** Ticks each minute up to, not including, `minutes` from now; the clock ends there. */
  async run(minutes: number, each: (world: this) => void = () => {}): Promise<TickResult | undefined> {
    let last: TickResult | undefined;
    for (let at = 0; at < minutes; at++) {
      each(this);
      last = await this.tick();
      this.now += MINUTE_MS;
    }
    return last;
  }

  /** Input tokens worth so many dollars, seen at once. */
  spend(dollars: number, modelId = SMALL, at = this.now): void {
    const id = {
      namespace: 'AWS/Bedrock',
      region: 'us-east-1',
      metric: 'InputTokenCount',
      dimensions: { ModelId: modelId },
    };
    this.usage.record(id, at, Math.round(dollars * 1_000_000));
    this.usage.recordCall('us-east-1', at);
  }

  /** Whom a policy is attached to, as `role app`. */
  async denied(policyArn = METER_ARN): Promise<readonly string[]> {
    return (await this.attachments.attachedTo(policyArn)).map(({ kind, name }) => `${kind} ${name}`).sort();
  }

  subjects(): readonly string[] {
    return this.mail.sent.map(({ subject }) => subject);
  }

  /** Gives a person's override of so many dollars, for so many hours. */
  override(dollars: number, hours: number): Promise<void> {
    const override = {
      since: this.now,
      by: 'ops',
      reason: 'launch',
      limit: usd(dollars),
      until: this.now + hours * HOUR_MS,
    };
    return this.state.give({ kind: 'override', override });
  }
}
