import {
  billedLongAgo,
  billQuery,
  modelQuery,
  provesTag,
  readBill,
  readBilledDays,
  readDailyModels,
  readModels,
  type BilledDay,
  type BillReading,
  type DayReadings,
  type ModelReading,
  type BudgetReading,
  type CostAnswer,
  type CostQuery,
  type TagStatus,
} from '../../core/bill';
import { utcMonth, type UtcDay } from '../../core/calendar';
import {
  actionLine,
  type BudgetTree,
  inPathLine,
  makeBudgetTree,
  runningBudgets,
  serviceBudgetLine,
  tagBudgetLine,
  type LineStatus,
  meterLine,
} from '../../core/report';
import { daysToCompare } from '../../core/meter';
import type { NanoUsd } from '../../core/money';
import type { Reading } from '../../core/reading';
import type { TopSpenders } from '../../core/spenders';
import { answered, asked, mayPass, understood, whyOf } from './asked';
import type { CostCheckDeps } from './deps';
import type { CostCheckEnv } from './env';
import { readMeter, type MeterReadings } from './read-meter';
import { readSpenders, scopeOf } from './read-spenders';

export interface CostCheckReading {
  readonly bill: BillReading;
  readonly models: ModelReading;
  readonly meter: MeterReadings;
  /** To be compared, oldest first. */
  readonly days: readonly UtcDay[];
  readonly billDays: DayReadings;
  /** By model, of this month and some days before. */
  readonly billed: Reading<readonly BilledDay[]>;
  readonly lines: readonly LineStatus[];
  /** Absent: the environment has no budgets within its own. */
  readonly budgets?: BudgetTree;
  /** Absent: the config asks for nobody's name. */
  readonly spenders?: Reading<TopSpenders>;
  /** By Logs Insights for who spent it, which is paid for by the gigabyte; absent: it was not asked. */
  readonly bytesScanned?: number;
  /** Paid ones, of Cost Explorer, as far as it has told. */
  readonly requests: number;
}

export async function read(deps: CostCheckDeps, env: CostCheckEnv, now: number): Promise<CostCheckReading> {
  const days = daysToCompare(now);
  const costs = readCosts(deps, env, days, now);
  const [bill, lineReadings, meter, budgets, spenders] = await Promise.all([
    costs,
    readLines(deps, env, now),
    readMeter(deps, env, days, now),
    readBudgets(deps, env, now),
    readSpenders(
      deps,
      env,
      costs.then((read) => read.bill),
      now,
    ),
  ]);
  const { tag, ...read } = bill;
  const lines = linesOf(env, { ...lineReadings, tag }, bill.bill, meter, now);
  const { top, requests, ...scanned } = spenders;
  return {
    ...{ ...read, ...scanned, requests: read.requests + requests, days, meter, lines },
    ...(budgets && { budgets }),
    ...(top && { spenders: top }),
  };
}

/** Asks nothing where there are none. */
async function readBudgets(
  { callers, meter }: CostCheckDeps,
  { BUDGETS: nodes, LIMIT_NANO_USD: limit }: CostCheckEnv,
  now: number,
): Promise<BudgetTree | undefined> {
  if (nodes.length === 0) return undefined;
  const [stored, orders] = await Promise.all([
    asked(() => callers.sharedBudgets(runningBudgets(nodes, now))),
    asked(() => meter.budgetOrders()),
  ]);
  return makeBudgetTree({ limit, nodes, stored, orders, now });
}

/**
 * The bill first: the other questions are asked under the names that it has, and whether the tag is active only where it does not show.
 * Each is paid for.
 */
async function readCosts(
  { costExplorer, tags }: CostCheckDeps,
  env: CostCheckEnv,
  days: readonly UtcDay[],
  now: number,
) {
  const ask = async (query: CostQuery): Promise<CostAnswer> => {
    try {
      return await costExplorer.costs(query);
    } catch (error) {
      return { kind: 'unavailable', why: whyOf(error), retryable: mayPass(error), requests: 0 };
    }
  };
  const scope = scopeOf(env);
  const costs = await ask(billQuery(scope, now));
  const bill = understood<BillReading>(
    () => readBill(costs, scope, now),
    (why) => ({ kind: 'unavailable', why, retryable: false }),
  );
  const isBilled = bill.kind === 'known' && bill.byDay.size > 0;
  const isProved = bill.kind === 'known' && provesTag(bill, now);
  const [models, asked] = await Promise.all([
    isBilled ? ask(modelQuery(scope, bill.recentServices, days, now)) : undefined,
    env.IDENTITY === 'profile' && !isProved ? answered(() => tags.tagStatus(env.TAG_KEY)) : undefined,
  ]);
  const tag: TagStatus | undefined = isProved ? { kind: 'known', state: 'active' } : asked;
  const nothing = { kind: 'known', rows: [], requests: 0 } as const;
  const unread = bill.kind === 'known' ? nothing : { ...bill, requests: 0 };
  return {
    bill,
    models: understood<ModelReading>(
      () => (models ? readModels(models, now) : { kind: 'known', byModel: [] }),
      (why) => ({ kind: 'unavailable', why }),
    ),
    billDays: understood<DayReadings>(
      () => readDailyModels(models ?? unread, days),
      (why) => new Map(days.map((day) => [day, { kind: 'unavailable', why }])),
    ),
    billed: understood<Reading<readonly BilledDay[]>>(
      () => readBilledDays(models ?? unread),
      (why) => ({ kind: 'unavailable', why }),
    ),
    tag,
    requests: costs.requests + (models?.requests ?? 0) + (asked ? 1 : 0),
  };
}

async function readLines({ budgets, callers }: CostCheckDeps, env: CostCheckEnv, now: number) {
  const [budget, accountBudget, action, shared] = await Promise.all([
    answered(() => budgets.budget(env.BUDGET_NAME)),
    env.ACCOUNT_BUDGET_NAME === '' ? undefined : answered(() => budgets.budget(env.ACCOUNT_BUDGET_NAME)),
    env.BILL_ACTION_ID === '' ? undefined : answered(() => budgets.action(env.BUDGET_NAME, env.BILL_ACTION_ID)),
    asked(() => callers.sharedBudget(utcMonth(now))),
  ]);
  return { budget, accountBudget, action, shared };
}

function linesOf(
  env: CostCheckEnv,
  {
    tag,
    budget,
    accountBudget,
    action,
    shared,
  }: Awaited<ReturnType<typeof readLines>> & {
    readonly tag: TagStatus | undefined;
  },
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
    orUnknown('budgets action', () =>
      actionLine(action, { account: env.ACCOUNT_ID, budgetName: env.BUDGET_NAME, actionId: env.BILL_ACTION_ID }),
    ),
    orUnknown('meter', () =>
      meterLine(state, order.kind === 'known' ? order.value : undefined, env.ENFORCE === 'true', now),
    ),
    orUnknown('in-path plugin', () => inPathLine(shared)),
  ];
}

function orUnknown(line: string, make: () => LineStatus): LineStatus {
  return understood<LineStatus>(make, (why) => ({ line, state: 'unknown', why }));
}
