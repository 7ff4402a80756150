import { HOUR_MS, MINUTE_MS } from '../../core/calendar';
import { usd } from '../../core/money';
import { openDocument, stateOf } from '../../core/enforcement/switch-document';
import type { PolicyVersion, Principal } from '../../core/enforcement/ports';
import type { SeriesId } from '../../core/meter/types';
import type { DesiredState } from '../../core/stop-lines/triggers';
import { sha256 } from '../../lambda/digest';
import { parseSpendMeterEnv, type SpendMeterVariables } from '../../lambda/spend-meter/env';
import { makeHandler, type TickResult } from '../../lambda/spend-meter/handler';
import type { HubMemory } from '../../lambda/spend-meter/standing';
import type { SwitchDeps } from '../../lambda/switch/deps';
import { parseSwitchEnv, type SwitchEnv } from '../../lambda/switch/env';
import { makeHandler as makeSwitch } from '../../lambda/switch/handler';
import { FakeAlarms } from '../../simulator/fakes/alarms';
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
import { FakeConcurrency } from '../../simulator/fakes/concurrency';
import { FakeConcurrencyState } from '../../simulator/fakes/concurrency-state';
import { FakePolicyVersions } from '../../simulator/fakes/policy-versions';
import { FakeScaling } from '../../simulator/fakes/scaling';
import { FakeSessions } from '../../simulator/fakes/sessions';
import { FakeStandingEvents } from '../../simulator/fakes/standing-events';
import { FakeSwitchDeploy } from '../../simulator/fakes/switch-deploy';
import { FakeToldMark } from '../../simulator/fakes/told-mark';
import { FakeUsageMetrics } from '../../simulator/fakes/usage-metrics';
import { CREATED } from '../../simulator/functions/switch';
import type { ListingDelay } from '../../simulator/listing';

export const SWITCH_ARN = 'arn:aws:iam::123456789012:policy/spend-guard/spend-guard-switch-dev';
export const BILL_ARN = 'arn:aws:iam::123456789012:policy/deny-bill';
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
    dailyLimitPercent: 100,
    hourlyBrakePercent: 100,
  }),
  TIMING: JSON.stringify({
    unknownAfterMinutes: 15,
    graceMinutes: 60,
    longestGenerationMinutes: 5,
    metricDelayMinutes: 2,
    tickMinutes: 1,
    enforcementMinutes: 1,
  }),
  ACTIVITY_ALARM: '',
  WORST_CASE_RATE: 'unknown',
  MOST_A_CALL: 'unknown',
  CANARY_PROFILE_ID: CANARY,
  EXTENDED_ACCESS: JSON.stringify({ from: {}, ownPrice: [] }),
  ON_BLIND: 'page',
  ENFORCE: 'true',
  STOP_BATCH_JOBS: 'true',
  INVOKER_ROLE: 'app',
  PRINCIPALS: JSON.stringify({ roles: [], users: ['bot'], groups: ['people'] }),
  SWITCH_ARN,
  DENY_BILL_ARN: BILL_ARN,
  SWITCH_FUNCTION: 'switch',
  ACCOUNT_ID: '123456789012',
  BUDGET_NAME: 'dev-budget',
  BILL_ACTION_ID: 'action-1',
  BILL_ACTION_AT_PERCENT: '95',
  ALERT_TOPIC_ARN: 'arn:aws:sns:us-east-1:123456789012:alerts',
  DASHBOARD: 'false',
  STATE_TABLE_NAME: 'state',
  LEASES_TABLE_NAME: 'leases',
  AUTO_STOP_FUNCTION: 'auto-stop',
  HUB: 'false',
  GUARD_VERSION: '1.2.3',
};

export const PRINCIPALS: readonly Principal[] = [
  { kind: 'role', name: 'app' },
  { kind: 'user', name: 'bot' },
  { kind: 'group', name: 'people' },
];

const SWITCH_VARIABLES = {
  ENVIRONMENT: 'dev',
  SWITCH_ARN,
  DENY_BILL_ARN: BILL_ARN,
  PARTITION: 'aws',
  ACCOUNT_ID: '123456789012',
  INVOKER_ROLE: 'app',
  STATE_TABLE_NAME: 'state',
  KEEPS_STATE: 'false',
  AWS_REGION: 'us-east-1',
  MANAGED_FUNCTIONS: '[]',
} as const;

const switchEnvs = new Map<string, SwitchEnv>();

/** Read once: hundreds of worlds are deployed with the same. */
function switchEnvOf(PRINCIPALS: string, SMALL_MODELS: string): SwitchEnv {
  const key = `${PRINCIPALS} ${SMALL_MODELS}`;
  const env = switchEnvs.get(key) ?? parseSwitchEnv({ ...SWITCH_VARIABLES, PRINCIPALS, SMALL_MODELS });
  switchEnvs.set(key, env);
  return env;
}

const said = new WeakMap<object, { readonly state: DesiredState | undefined }>();

/** Nobody changes a document in place, and tests look at the one in effect each minute. */
function saidBy({ document }: PolicyVersion): DesiredState | undefined {
  if (typeof document !== 'object' || document === null) return stateOf(document, sha256);
  const found = said.get(document) ?? { state: stateOf(document, sha256) };
  said.set(document, found);
  return found.state;
}

const inputs = new Map<string, SeriesId>();

/** The series of a model's input tokens: one object for all minutes, as its name is worked out once for each object. */
function inputOf(modelId: string): SeriesId {
  const id = inputs.get(modelId) ?? {
    namespace: 'AWS/Bedrock',
    region: 'us-east-1',
    metric: 'InputTokenCount',
    dimensions: { ModelId: modelId },
  };
  inputs.set(modelId, id);
  return id;
}

const NOTHING_SLEEPS = {
  concurrency: new FakeConcurrency(() => 0),
  scaling: new FakeScaling(),
  traffic: { invocations: async () => new Map() },
  sessions: new FakeSessions(),
  state: new FakeConcurrencyState(),
};

/** One environment's meter over fakes, on a clock of the test's. */
export class SpendMeterWorld {
  now: number;
  readonly usage: FakeUsageMetrics;
  readonly alarms = new FakeAlarms();
  readonly toldMark = new FakeToldMark();
  readonly profiles = new FakeApplicationProfiles();
  readonly state = new FakeMeterState();
  readonly batchJobs = new FakeBatchJobs();
  readonly budgetActions = new FakeBudgetActions();
  readonly autoStop = new FakeGuardFunctions();
  readonly status = new FakeGuardStatus();
  readonly events = new FakeDecisionEvents();
  readonly standings = new FakeStandingEvents();
  /** Of the process: another one each time that it starts cold. */
  hubMemory: HubMemory = {};
  readonly mail = new FakeMail();
  readonly metrics = new FakeMetrics();
  /** IAM's name for why nobody of that name can be changed. */
  readonly refusals = new Map<string, string>();
  readonly attachments = new FakeAttachments(
    (_arn, { name }) => this.refusals.get(name),
    (_arn, { name }) => this.refusals.get(name),
  );
  readonly switchVersions: FakePolicyVersions;
  /** The deploy's function, by its own handler. */
  readonly switchDeploy = new FakeSwitchDeploy((command) => this.deploySwitch({ command }));
  variables: SpendMeterVariables;
  /** What a deploy writes into the version for degraded. */
  smallModels: readonly string[] = ['amazon.nova-lite-v1:0'];

  /** @param listingDelay @default - 0 to 15 minutes by series, from seed 1 */
  constructor(startIso: string, overrides: Partial<SpendMeterVariables> = {}, listingDelay?: ListingDelay) {
    this.now = Date.parse(startIso);
    this.usage = new FakeUsageMetrics({ now: () => this.now, ...(listingDelay && { listingDelay }) });
    this.switchVersions = new FakePolicyVersions(openDocument(sha256), () => this.now);
    this.variables = { ...VARIABLES, ...overrides };
  }

  /** What CloudFormation does on each deploy, or what the meter orders. */
  async deploySwitch(event: unknown = CREATED, meterState: SwitchDeps['meterState'] = this.state): Promise<void> {
    await makeSwitch(
      {
        ...NOTHING_SLEEPS,
        versions: this.switchVersions,
        attachments: this.attachments,
        meterState,
        cloudFormation: { respond: async () => undefined },
        digest: sha256,
        log: () => undefined,
        sleep: async (ms) => void (this.now += ms),
        now: () => this.now,
      },
      switchEnvOf(this.variables.PRINCIPALS, JSON.stringify(this.smallModels)),
    )(event);
  }

  tick(event: unknown = { source: 'schedule', scheduledAt: new Date(this.now).toISOString() }): Promise<TickResult> {
    const deps = { ...this.ports(), now: () => this.now };
    return makeHandler(deps, this.env())(event);
  }

  /** Read at cold start, and after a deploy that changed them. */
  private env(): ReturnType<typeof parseSpendMeterEnv> {
    const text = JSON.stringify(this.variables);
    if (this.started?.text !== text) this.started = { text, env: parseSpendMeterEnv({ ...this.variables }) };
    return this.started.env;
  }
  private started: { readonly text: string; readonly env: ReturnType<typeof parseSpendMeterEnv> } | undefined;

  ports() {
    const { usage, profiles, state, batchJobs, budgetActions, autoStop, status, events, mail, metrics } = this;
    const { attachments, switchVersions, switchDeploy, alarms, toldMark, standings, hubMemory } = this;
    return {
      ...{ usage, profiles, state, batchJobs, budgetActions, autoStop, status, events, mail, metrics },
      ...{ attachments, switchVersions, switchDeploy, alarms, toldMark, standings, hubMemory, digest: sha256 },
    };
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
    this.usage.record(inputOf(modelId), at, Math.round(dollars * 1_000_000));
    this.usage.recordCall('us-east-1', at);
  }

  /** What the version in effect stands for; undefined: it is nobody's text. */
  async inEffect(): Promise<DesiredState | undefined> {
    const current = (await this.switchVersions.list()).find(({ isDefault }) => isDefault);
    return current && saidBy(current);
  }

  /** Who is denied, at least so far, as `role app`: whoever has the switch, while it says so. */
  async denied(atLeast: 'degraded' | 'stopped' = 'stopped'): Promise<readonly string[]> {
    const state = await this.inEffect();
    return state === 'stopped' || state === atLeast ? await this.held() : [];
  }

  /** Who has the switch. */
  async held(): Promise<readonly string[]> {
    return (await this.attachments.attachedTo(SWITCH_ARN)).map(({ kind, name }) => `${kind} ${name}`).sort();
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
