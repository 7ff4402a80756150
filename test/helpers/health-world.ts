import { DAY_MS } from '../../core/calendar';
import { stateOf, SWITCH_STATES, switchDocument } from '../../core/enforcement/switch-document';
import type { PolicyVersion } from '../../core/enforcement/ports';
import type { DesiredState } from '../../core/stop-lines/triggers';
import { sha256 } from '../../lambda/digest';
import { type FakeKey, type FakeModel, AVAILABLE, FakeHealthServices } from '../../simulator/fakes/health-services';
import { NEVER } from '../../simulator/fakes/never';
import { FakeHealthState } from '../../simulator/fakes/health-state';
import { FakeMail } from '../../simulator/fakes/mail';
import { FakeMetrics } from '../../simulator/fakes/metrics';
import { FakeAccountConcurrency } from '../../simulator/fakes/account-concurrency';
import type { HealthCheckEnv } from '../../lambda/health-check/env';
import type { HealthCheckDeps } from '../../lambda/health-check/deps';
import { makeHandler, type HealthCheckResult } from '../../lambda/health-check/handler';
import { setAside } from '../../lambda/reserve-concurrency/set-aside';

export const NOW = Date.parse('2026-11-23T09:00:00Z');
export const ACCOUNT = '111122223333';
export const SMALL = 'amazon.nova-lite-v1:0';
export const LARGE = 'amazon.nova-pro-v1:0';
export const LLAMA = 'meta.llama3-1-70b-instruct-v1:0';

const profile = (id: string) => `arn:aws:bedrock:us-east-1:${ACCOUNT}:application-inference-profile/${id}`;
const policy = (name: string) => `arn:aws:iam::${ACCOUNT}:policy/${name}`;

export const CANARY_ARN = profile('canary0000');
export const SWITCH_ARN = policy('spend-guard/spend-guard-switch-dev');
export const DENY_BILL_ARN = policy('deny-bill');

export const ENV: HealthCheckEnv = {
  ENVIRONMENT: 'dev',
  ACCOUNT_ID: ACCOUNT,
  REGION: 'us-east-1',
  INVOKER_ROLE_ARN: `arn:aws:iam::${ACCOUNT}:role/team/invoker`,
  MODELS: [
    {
      ...{ id: LLAMA, modelId: LLAMA, ownPrice: false },
      tier: 'small',
      optional: true,
      callAs: profile('llama'),
      soldThroughMarketplace: false,
      endOfLife: '2027-03-30',
      replacement: SMALL,
    },
    {
      ...{ id: SMALL, modelId: SMALL, tier: 'small', optional: false, callAs: profile('lite') },
      ...{ soldThroughMarketplace: false, ownPrice: false },
    },
    {
      ...{ id: LARGE, modelId: LARGE, tier: 'large', optional: false, callAs: profile('pro') },
      ...{ soldThroughMarketplace: false, ownPrice: false },
    },
  ],
  CANARY: { profileArn: CANARY_ARN, modelId: SMALL, price: { input: 60_000, output: 240_000 } },
  INVOKER_ROLE: 'invoker',
  PRINCIPALS: { roles: ['batch'], users: ['deployer'], groups: ['analysts'] },
  PERMISSION_SETS: [],
  ...{ SWITCH_ARN, DENY_BILL_ARN, BILL_ACTION: 'true' },
  ALERT_TOPIC_ARN: `arn:aws:sns:us-east-1:${ACCOUNT}:alerts`,
  DASHBOARD: 'false',
  ALERT_EMAILS: ['ti@dadosfera.ai'],
  STATE_TABLE_NAME: 'state',
  LOCAL_ENDPOINT: 'http://localhost:11434',
  METER_FUNCTION: 'meter',
  RESERVE_CONCURRENCY_FUNCTION: 'reserve',
  ASSUMED_QUOTAS: [{ model: 'Amazon Nova Lite', tokensPerMinute: 1000 }],
};

const SCOPE = { partition: 'aws', account: ACCOUNT, smallModels: [SMALL, LLAMA] };
/** As somebody would write it in the console; it denies everything. */
const FOREIGN = {
  Version: '2012-10-17',
  Statement: [{ Sid: 'SpendGuardOpenDeniesNothing', Effect: 'Deny', Action: '*', Resource: '*' }],
};

const version = (id: string, state: DesiredState, document: unknown): PolicyVersion => ({
  ...{ id, document, createdAt: NOW - DAY_MS },
  isDefault: state === 'open',
});

export const scheduled = (atMs: number) => ({ source: 'schedule', scheduledAt: new Date(atMs).toISOString() });

export const keyAged = (days: number, more: Partial<FakeKey> = {}): FakeKey => ({
  id: 'AKIAIOSFODNN7EXAMPLE',
  createdAtMs: NOW - days * DAY_MS,
  active: true,
  use: {},
  ...more,
});

/** An AWS in which everything is in order, and the health check in it. */
export class HealthWorld {
  now = NOW;
  readonly state = new FakeHealthState();
  readonly mail = new FakeMail();
  readonly metrics = new FakeMetrics();
  readonly aws: FakeHealthServices;
  /** What the meter has set aside, of an account with room. */
  concurrency = new FakeAccountConcurrency(1_000, new Map([['meter', 2]]));

  constructor(readonly env: HealthCheckEnv = ENV) {
    const fakeModel = (id: string, callAs: string): FakeModel => ({
      id,
      callAs,
      inputTokens: 9,
      lifecycle: { status: 'active' },
      availability: AVAILABLE,
    });
    this.aws = new FakeHealthServices({
      account: ACCOUNT,
      invokerRoleName: 'invoker',
      models: [...env.MODELS.map(({ id, callAs }) => fakeModel(id, callAs)), fakeModel(SMALL, CANARY_ARN)],
      denies: (arn, { id }) => arn === DENY_BILL_ARN || (arn === SWITCH_ARN && this.switchDenies(id)),
    });
    this.aws.principals = [
      { kind: 'role', name: 'invoker', policyArns: [SWITCH_ARN] },
      { kind: 'role', name: 'batch', policyArns: [SWITCH_ARN] },
      { kind: 'user', name: 'deployer', policyArns: [SWITCH_ARN] },
      { kind: 'group', name: 'analysts', policyArns: [SWITCH_ARN] },
    ];
    this.aws.versions = SWITCH_STATES.map((state, at) =>
      version(`v${at + 1}`, state, switchDocument(state, SCOPE, sha256)),
    );
    this.aws.users.set('deployer', [keyAged(3)]);
    this.aws.subscriptions = [{ address: 'ti@dadosfera.ai', state: 'confirmed' }];
    this.aws.appliedQuotas = [{ name: 'On-demand InvokeModel tokens per minute for Amazon Nova Lite', value: 1000 }];
  }

  /** Puts the version of a state in effect; without one, a version that nobody of the guard has written. */
  switchTo(state: DesiredState | undefined): void {
    const others = this.aws.versions.filter(({ id }) => id !== 'v9');
    const foreign = state === undefined ? [version('v9', 'open', FOREIGN)] : [];
    this.aws.versions = [...others, ...foreign].map((one) => ({
      ...one,
      isDefault: state === undefined ? one.id === 'v9' : stateOf(one.document, sha256) === state,
    }));
  }

  model(id: string): FakeModel {
    return this.aws.settings.models.find((model) => model.id === id)!;
  }

  private switchDenies(id: string): boolean {
    const document = this.aws.versions.find(({ isDefault }) => isDefault)?.document;
    const state = stateOf(document, sha256);
    return document === FOREIGN || state === 'stopped' || (state === 'degraded' && id === LARGE);
  }

  principal(name: string) {
    return this.aws.principals.find((one) => one.name === name)!;
  }

  deps(): HealthCheckDeps {
    return {
      now: () => this.now,
      stopwatch: () => () => 0,
      timeout: () => NEVER,
      identity: this.aws.identity,
      assumeRole: this.aws.assumeRole,
      ownCaller: this.aws.ownCaller,
      catalog: this.aws.catalog,
      accessKeys: this.aws.accessKeys,
      subscriptions: this.aws.topic,
      policyRoom: this.aws.policyRoom,
      switchVersions: this.aws.switchVersions,
      permissionSetRoles: this.aws.permissionSetRoles,
      digest: sha256,
      quotas: this.aws.quotas,
      reservedConcurrency: { ensure: () => setAside(this.concurrency, this.env.METER_FUNCTION) },
      state: this.state,
      mail: this.mail,
      metrics: this.metrics,
    };
  }

  run(event: unknown = scheduled(this.now), deps: HealthCheckDeps = this.deps()): Promise<HealthCheckResult> {
    return makeHandler(deps, this.env)(event);
  }
}

/** The finding of a check, by a part of its subject. */
export function findingOf({ document }: HealthCheckResult, check: string, subject = '') {
  const found = document.findings.find((one) => one.check === check && one.subject.includes(subject));
  if (!found) throw new Error(`no finding ${check} ${subject}`);
  return found;
}
