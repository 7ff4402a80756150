import { utcDay, type UtcDay } from '../../../core/calendar';
import { parseDecimal, usd } from '../../../core/money';
import type { BudgetActionReading, BudgetReading } from '../../../core/ports/budgets';
import type { TagStatus } from '../../../core/ports/cost-allocation-tags';
import { BILLING_TAG } from '../../../core/tags';
import { parseCostCheckEnv, type CostCheckVariables } from '../../../lambda/cost-check/env';
import { makeHandler } from '../../../lambda/cost-check/handler';
import { FakeBudgets } from '../../../simulator/fakes/budgets';
import { FakeCostExplorer, type BillItem } from '../../../simulator/fakes/cost-explorer';
import { FakeMail } from '../../../simulator/fakes/mail';
import { FakeMetrics } from '../../../simulator/fakes/metrics';
import { FakeReportState } from '../../../simulator/fakes/report-state';

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
  BUDGETED_SERVICES: JSON.stringify(['Amazon Bedrock', 'Amazon Bedrock Service']),
  BUDGET_NAME: 'spend-guard-dev-1',
  ACCOUNT_BUDGET_NAME: '',
  BILL_ACTION_ID: 'action-1',
  ACCOUNT_ID: '111122223333',
  ALERT_TOPIC_ARN: 'arn:aws:sns:us-east-1:111122223333:alerts',
  STATE_TABLE_NAME: 'state',
  REPORT_TIME_ZONE: 'America/Sao_Paulo',
  NEVER_STOP: '["break-glass"]',
};

export interface World {
  readonly now: string;
  readonly items?: readonly BillItem[];
  readonly variables?: Partial<CostCheckVariables>;
  readonly currency?: string;
  readonly failure?: () => { readonly why: string; readonly retryable: boolean } | undefined;
  readonly tag?: TagStatus;
  readonly budget?: BudgetReading;
  readonly action?: BudgetActionReading;
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
  const metrics = new FakeMetrics();
  const state = new FakeReportState();
  const costExplorer = new FakeCostExplorer(() => world.items ?? [], {
    ...(world.currency ? { currency: world.currency } : {}),
    ...(world.failure ? { failure: world.failure } : {}),
    ...(world.tag ? { tag: () => world.tag! } : {}),
  });
  const budgets = new FakeBudgets(
    new Map([['spend-guard-dev-1', world.budget ?? { kind: 'known', currency: 'USD' }]]),
    new Map([['action-1', world.action ?? { kind: 'known', status: 'STANDBY' }]]),
  );
  const env = parseCostCheckEnv({ ...variables, ...world.variables });
  const deps = { costExplorer, tags: costExplorer, budgets, state, mail, metrics, now: () => now };
  const handler = makeHandler(deps, env);
  return {
    deps,
    env,
    mail,
    metrics,
    state,
    costExplorer,
    handler,
    /** As Scheduler sends it. */
    scheduled: (scheduledAt = world.now) => handler({ source: 'schedule', scheduledAt }),
    onDemand: async (event: object = {}) => {
      const result = await handler(event);
      if (result.kind !== 'reported') throw new Error(result.why);
      return result.report;
    },
    pass: (ms: number) => {
      now += ms;
    },
    today: () => utcDay(now),
  };
}
