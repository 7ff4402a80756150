import { utcDay, type UtcDay } from '../../../core/calendar';
import type { MeterState } from '../../../core/decision/meter-state';
import { parseDecimal, usd } from '../../../core/money';
import type { BillFigures } from '../../../core/report/report';
import type { BudgetActionReading, BudgetReading, TagStatus } from '../../../core/bill/ports';
import type { BudgetInPeriod, SharedBudget, StoredBudget } from '../../../core/report/ports';
import { BILLING_TAG } from '../../../core/tags';
import { parseCostCheckEnv, type CostCheckVariables } from '../../../lambda/cost-check/env';
import { makeHandler } from '../../../lambda/cost-check/handler';
import { FakeApplicationProfiles } from '../../../simulator/fakes/application-profiles';
import { FakeBudgets } from '../../../simulator/fakes/budgets';
import { FakeCostExplorer, type BillItem } from '../../../simulator/fakes/cost-explorer';
import { FakeHtmlMail } from '../../../simulator/fakes/html-mail';
import { FakeInvocationLog, type InvocationRecord } from '../../../simulator/fakes/invocation-log';
import { FakeMail } from '../../../simulator/fakes/mail';
import { FakeMeterState } from '../../../simulator/fakes/meter-state';
import { FakeMetrics } from '../../../simulator/fakes/metrics';
import { FakeReportState } from '../../../simulator/fakes/report-state';
import { FakeSpendersState } from '../../../simulator/fakes/spenders-state';
import { FakeUsageMetrics } from '../../../simulator/fakes/usage-metrics';
import { readingOf } from '../../core/report/stored-budgets';
import { quietMeter } from '../../helpers/quiet-meter';
import { shippedModel } from '../../helpers/spend-meter-world';

/** The days compared at this time are the 14th to the 20th. */
export const NOW = '2026-11-23T11:00:00Z';

export const variables: CostCheckVariables = {
  ENVIRONMENT: 'dev',
  LIMIT_NANO_USD: String(usd(50)),
  THRESHOLDS: JSON.stringify([
    { atPercent: 50, effect: 'notify', basis: 'actual' },
    { atPercent: 90, effect: 'degrade', basis: 'actual' },
    { atPercent: 95, effect: 'stop', basis: 'actual' },
  ]),
  IDENTITY: 'profile',
  TAG_KEY: BILLING_TAG,
  BUDGET_NAME: 'spend-guard-dev-1',
  ACCOUNT_BUDGET_NAME: '',
  BILL_ACTION_ID: 'action-1',
  ACCOUNT_ID: '111122223333',
  ALERT_TOPIC_ARN: 'arn:aws:sns:us-east-1:111122223333:alerts',
  DASHBOARD: 'false',
  STATE_TABLE_NAME: 'state',
  LEASES_TABLE_NAME: 'leases',
  REPORT_TIME_ZONE: 'America/Sao_Paulo',
  NEVER_STOP: '["break-glass"]',
  GUARDED_UNMETERED: '[]',
  METER_REGIONS: '["us-east-1"]',
  METERING: 'profiles',
  MODELS: JSON.stringify([
    shippedModel('amazon.nova-lite-v1:0', 'small', { profile: 'lite' }),
    shippedModel('amazon.nova-pro-v1:0', 'large', { profile: 'pro' }),
  ]),
  PROFILE_IDS: JSON.stringify({ lite: 'litelitelite', pro: 'proproproprop' }),
  PRICES: '{}',
  DEAREST: '[10000000,50000000,1000000,20000000]',
  CANARY_PROFILE_ID: 'canarycanary',
  MODEL_NAMES: JSON.stringify({ 'amazon.nova-lite-v1:0': 'Nova Lite', 'amazon.nova-pro-v1:0': 'Nova Pro' }),
  ENFORCE: 'true',
};

/** A budget that has counted something, over two names of Bedrock. */
export const COUNTING = {
  kind: 'known',
  currency: 'USD',
  spent: parseDecimal('1'),
  changedAtMs: Date.parse('2026-01-01T00:00:00Z'),
  services: ['Amazon Bedrock', 'Amazon Bedrock Service'],
} as const satisfies BudgetReading;

export interface World {
  readonly now: string;
  readonly items?: readonly BillItem[];
  readonly variables?: Partial<CostCheckVariables>;
  readonly currency?: string;
  readonly failure?: () => { readonly why: string; readonly retryable: boolean } | undefined;
  readonly tag?: TagStatus;
  readonly budget?: BudgetReading;
  /** @default - there is none */
  readonly accountBudget?: BudgetReading;
  readonly action?: BudgetActionReading;
  /** By month, what callers with the plugin share; an error: the table's. */
  readonly shared?: Readonly<Record<string, SharedBudget>> | Error;
  /** By path, what callers share of each budget, '' the environment's; a text: why it is unknown; an error: the table's. */
  readonly stored?: Readonly<Record<string, StoredBudget | string>> | Error;
  /** What the meter has left; `none` before its first run. @default - it has just run, see `quietMeter` */
  readonly meter?: MeterState | 'none';
  /** By log group. @default - there is none */
  readonly logs?: Readonly<Record<string, readonly InvocationRecord[]>>;
}

/** An item of the bill; `environment` is what its billing tag says, '' for none. */
export function item(day: string, amount: string, more: Partial<BillItem> & { environment?: string } = {}): BillItem {
  const { environment = 'dev', ...rest } = more;
  return {
    day: day as UtcDay,
    service: 'Amazon Bedrock Service',
    usageType: 'USE1-NovaLite-input-tokens',
    amount: parseDecimal(amount),
    tags: environment === '' ? {} : { [BILLING_TAG]: environment },
    ...rest,
  };
}

export function costCheck(world: World) {
  let now = Date.parse(world.now);
  const mail = new FakeMail();
  const htmlMail = new FakeHtmlMail();
  const metrics = new FakeMetrics();
  const state = new FakeReportState();
  const costExplorer = new FakeCostExplorer(() => world.items ?? [], {
    ...(world.currency ? { currency: world.currency } : {}),
    ...(world.failure ? { failure: world.failure } : {}),
    ...(world.tag ? { tag: () => world.tag! } : {}),
  });
  const budgets = new FakeBudgets(
    new Map<string, BudgetReading>([
      ['spend-guard-dev-1', world.budget ?? COUNTING],
      ...(world.accountBudget ? [['spend-guard-account-1', world.accountBudget] as const] : []),
    ]),
    new Map([['action-1', world.action ?? { kind: 'known', status: 'STANDBY' }]]),
  );
  const env = parseCostCheckEnv({ ...variables, AWS_REGION: 'us-east-1', ...world.variables });
  const meter = new FakeMeterState();
  if (world.meter !== 'none') void meter.save(world.meter ?? quietMeter(now), 0);
  const usage = new FakeUsageMetrics();
  const profiles = new FakeApplicationProfiles();
  const askedOf: string[] = [];
  const invocationLog = new FakeInvocationLog(new Map(Object.entries(world.logs ?? {})));
  const spenders = new FakeSpendersState();
  const deps = {
    ...{ costExplorer, tags: costExplorer, budgets, usage, profiles },
    callers: {
      sharedBudget: async (month: string) => {
        if (world.shared instanceof Error) throw world.shared;
        return world.shared?.[month];
      },
      sharedBudgets: async (wanted: readonly BudgetInPeriod[]) => {
        askedOf.push(...wanted.map(({ path, period }) => `${path} ${period}`));
        if (world.stored instanceof Error) throw world.stored;
        const { stored = {} } = world;
        return wanted.map(({ path }) => readingOf(stored[path]));
      },
    },
    ...{ meter, calibration: meter, state, mail, htmlMail, metrics, invocationLog, spenders, now: () => now },
  };
  const handler = makeHandler(deps, env);
  return {
    deps,
    env,
    meter,
    usage,
    profiles,
    mail,
    htmlMail,
    metrics,
    state,
    costExplorer,
    invocationLog,
    spenders,
    handler,
    /** Path and period of each budget that was asked for. */
    askedOf,
    /** As Scheduler sends it. */
    scheduled: (scheduledAt = world.now) => handler({ source: 'schedule', scheduledAt }),
    onDemand: async (event: object = {}) => {
      const result = await handler(event);
      if (result.kind !== 'reported') throw new Error(result.kind);
      return result.report;
    },
    pass: (ms: number) => {
      now += ms;
    },
    today: () => utcDay(now),
  };
}

/** What an on-demand report says of a bill that is known. */
export async function figuresOf(world: World): Promise<BillFigures> {
  const { bill } = await costCheck(world).onDemand();
  if (bill.kind !== 'known') throw new Error(`the bill is unavailable: ${bill.why}`);
  return bill;
}
