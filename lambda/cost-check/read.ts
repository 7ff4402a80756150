import {
  billedLongAgo,
  billQuery,
  dailyModelQuery,
  modelQuery,
  readBill,
  readDailyModels,
  readModels,
  type BillReading,
  type BillScope,
  type DayReadings,
  type ModelReading,
  type BudgetReading,
  type CostAnswer,
  type CostQuery,
} from '../../core/bill';
import { utcMonth, type UtcDay } from '../../core/calendar';
import {
  actionLine,
  inPathLine,
  serviceBudgetLine,
  tagBudgetLine,
  type LineStatus,
  meterLine,
} from '../../core/report';
import { daysToCompare } from '../../core/meter';
import type { NanoUsd } from '../../core/money';
import { answered, asked, mayPass, understood, whyOf } from './asked';
import type { CostCheckDeps } from './deps';
import type { CostCheckEnv } from './env';
import { readMeter, type MeterReadings } from './read-meter';

export interface CostCheckReading {
  readonly bill: BillReading;
  readonly models: ModelReading;
  readonly meter: MeterReadings;
  /** To be compared, oldest first. */
  readonly days: readonly UtcDay[];
  readonly billDays: DayReadings;
  readonly lines: readonly LineStatus[];
  /** Paid ones, of Cost Explorer, as far as it has told. */
  readonly requests: number;
}

export async function read(deps: CostCheckDeps, env: CostCheckEnv, now: number): Promise<CostCheckReading> {
  const days = daysToCompare(now);
  const [bill, lineReadings, meter] = await Promise.all([
    readCosts(deps, env, days, now),
    readLines(deps, env, now),
    readMeter(deps, env, days, now),
  ]);
  return { ...bill, days, meter, lines: linesOf(env, lineReadings, bill.bill, meter, now) };
}

/** The bill first: the other questions are asked under the names that it has. */
async function readCosts({ costExplorer }: CostCheckDeps, env: CostCheckEnv, days: readonly UtcDay[], now: number) {
  const ask = async (query: CostQuery): Promise<CostAnswer> => {
    try {
      return await costExplorer.costs(query);
    } catch (error) {
      return { kind: 'unavailable', why: whyOf(error), retryable: mayPass(error), requests: 0 };
    }
  };
  const scope: BillScope =
    env.IDENTITY === 'profile'
      ? { identity: 'profile', tagKey: env.TAG_KEY, environment: env.ENVIRONMENT, metering: env.METERING }
      : { identity: 'direct' };
  const costs = await ask(billQuery(scope, now));
  const bill = understood<BillReading>(
    () => readBill(costs, scope, now),
    (why) => ({ kind: 'unavailable', why, retryable: false }),
  );
  const { billedServices: services, recentServices: recent } =
    bill.kind === 'known' ? bill : { billedServices: [], recentServices: [] };
  const [models, daily] = await Promise.all([
    services.length > 0 ? ask(modelQuery(scope, services, now)) : undefined,
    recent.length > 0 ? ask(dailyModelQuery(scope, recent, days)) : undefined,
  ]);
  const nothing = { kind: 'known', rows: [], requests: 0 } as const;
  const unread = bill.kind === 'known' ? nothing : { ...bill, requests: 0 };
  return {
    bill,
    models: understood<ModelReading>(
      () => (models ? readModels(models) : { kind: 'known', byModel: [] }),
      (why) => ({ kind: 'unavailable', why }),
    ),
    billDays: understood<DayReadings>(
      () => readDailyModels(daily ?? unread, days),
      (why) => new Map(days.map((day) => [day, { kind: 'unavailable', why }])),
    ),
    requests: costs.requests + (models?.requests ?? 0) + (daily?.requests ?? 0),
  };
}

async function readLines({ tags, budgets, callers }: CostCheckDeps, env: CostCheckEnv, now: number) {
  const [tag, budget, accountBudget, action, shared] = await Promise.all([
    env.IDENTITY === 'profile' ? answered(() => tags.tagStatus(env.TAG_KEY)) : undefined,
    answered(() => budgets.budget(env.BUDGET_NAME)),
    env.ACCOUNT_BUDGET_NAME === '' ? undefined : answered(() => budgets.budget(env.ACCOUNT_BUDGET_NAME)),
    env.BILL_ACTION_ID === '' ? undefined : answered(() => budgets.action(env.BUDGET_NAME, env.BILL_ACTION_ID)),
    asked(() => callers.sharedBudget(utcMonth(now))),
  ]);
  return { tag, budget, accountBudget, action, shared };
}

function linesOf(
  env: CostCheckEnv,
  { tag, budget, accountBudget, action, shared }: Awaited<ReturnType<typeof readLines>>,
  bill: BillReading,
  { state, order }: MeterReadings,
  now: number,
): readonly LineStatus[] {
  const known = bill.kind === 'known' ? bill : undefined;
  const against = (byDay: ReadonlyMap<UtcDay, NanoUsd> | undefined) => ({
    billed: byDay && billedLongAgo(byDay, now),
    now,
  });
  const ofServices = (line: string, reading: BudgetReading) =>
    orUnknown(line, () => serviceBudgetLine(line, reading, known?.billedServices, against(known?.accountByDay)));
  return [
    bill.kind === 'known'
      ? { line: 'cost report', state: 'armed', why: 'Cost Explorer answers' }
      : { line: 'cost report', state: 'blind', why: bill.why },
    tag
      ? orUnknown('budget by tag', () =>
          tagBudgetLine(budget, tag, { key: env.TAG_KEY, value: env.ENVIRONMENT }, against(known?.byDay)),
        )
      : ofServices('budget', budget),
    ...(accountBudget ? [ofServices('account-wide budget', accountBudget)] : []),
    orUnknown('budgets action', () => actionLine(action)),
    orUnknown('meter', () =>
      meterLine(state, order.kind === 'known' ? order.value : undefined, env.ENFORCE === 'true', now),
    ),
    orUnknown('in-path plugin', () => inPathLine(shared)),
  ];
}

function orUnknown(line: string, make: () => LineStatus): LineStatus {
  return understood<LineStatus>(make, (why) => ({ line, state: 'unknown', why }));
}
