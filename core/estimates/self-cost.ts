import { decimalToNano, formatUsd, nanoUsd, parseDecimal, usd, ZERO, type NanoUsd } from '../money';

/** What of a stack is billed, in a month of 31 days. Counted from the template, see `lib/self-cost.ts`. */
export interface SelfCostCounts {
  /** Metrics in alarms: an alarm costs per metric in it. */
  readonly alarmMetrics: number;
  /** Hours in which a custom metric is sent, over all of them. */
  readonly customMetricHours: number;
  /** Series asked of GetMetricData: while nobody calls a model but the canary, and with calls at all hours. */
  readonly metricQueries: {
    readonly idle: number;
    readonly busy: number;
    /** Busy with calls so small, and so many, that the month is read each minute. */
    readonly smallCalls: number;
  };
  /** Kilobytes of DynamoDB written, which is how writes are counted. */
  readonly stateWrites: { readonly idle: number; readonly busy: number };
  readonly dashboards: number;
  readonly budgetsWithAction: number;
  /** Every request of Cost Explorer's API is paid for, the one for the state of a tag included. */
  readonly costExplorerRequests: number;
  /** Recipients of mails by SES: each is counted and paid for. */
  readonly sesMails: number;
  readonly functionRuns: number;
  /** Memory times an assumed duration, see `ASSUMED_RUN_SECONDS`. */
  readonly functionGbSeconds: number;
  readonly schedulerRuns: number;
}

/** What an item comes to in a month. */
export interface SelfCostColumns {
  /** With nothing else in the account using the free tier. */
  readonly freeTierLeft: NanoUsd;
  readonly freeTierUsedUp: NanoUsd;
  /** With the free tier used up, and calls at all hours. */
  readonly busy: NanoUsd;
}

export interface SelfCostItem extends SelfCostColumns {
  readonly what: string;
  /** How to do without it: a brake or an answer beside the guard's own, not counted among what the guard itself may cost. */
  readonly leftOutBy?: string | undefined;
}

/** At most so much a month and environment, without what is left out by a switch (docs/adr/0014-what-the-guard-itself-costs-now.md). */
export const SELF_COST_GOALS: SelfCostColumns = { freeTierLeft: usd(1), freeTierUsedUp: usd(3), busy: usd(5) };

/** A function of the guard waits for AWS most of its run. Measured ones replace this once there is an account. */
export const ASSUMED_RUN_SECONDS = 5;
/** A tick of the meter reads a few items and, in one of many, the month. */
export const ASSUMED_TICK_SECONDS = 2;
/** Of what a tick says, where it says something: an item of a few models, and the status item. */
export const ASSUMED_SAID_KB = 5;
/** The call that busy is made of, at the mean price of the models: the limit is spent evenly by such calls. */
export const BUSY_CALL = { inputTokens: 10_000, outputTokens: 500 } as const;

/**
 * List prices of us-east-1 in dollars, and what is free a month.
 * Source, unless said otherwise: the shared AWS facts of November 2026, "What a guard itself costs".
 * Cost Explorer: https://aws.amazon.com/aws-cost-management/aws-cost-explorer/pricing/, read 2026-11-23.
 * Scheduler: https://cloudburn.io/blog/amazon-eventbridge-pricing (March 2026), read 2026-11-23.
 * Lambda: https://cloudchipr.com/blog/aws-lambda-pricing and https://unanswered.io/guide/aws-lambda-pricing-after-free-tier,
 * read 2026-11-23.
 * SES: https://www.acecloudinterviews.com/tutorials/aws/ses/, read 2026-11-29; what is free of it is not counted.
 * Custom metrics: "prorated by the hour and metered only when you send metrics to CloudWatch", https://aws.amazon.com/cloudwatch/pricing/
 * as quoted by three public repositories, read 2026-11-23. DynamoDB: the shared facts of the SDK plugin, November 2026.
 */
const PRICES = {
  alarmMetric: { usd: '0.10', free: 10 },
  /** $0.30 a month of 744 hours. */
  customMetricHour: { usd: '0.000403225', free: 7440 },
  metricQuery: { usd: '0.00001', free: 0 },
  stateWrite: { usd: '0.000000625', free: 0 },
  dashboard: { usd: '3', free: 3 },
  costExplorerRequest: { usd: '0.01', free: 0 },
  budgetActionDay: { usd: '0.10', free: 62 },
  /** $0.10 per 1,000. */
  sesMail: { usd: '0.0001', free: 0 },
  functionRun: { usd: '0.0000002', free: 1_000_000 },
  functionGbSecond: { usd: '0.0000133334', free: 400_000 },
  schedulerRun: { usd: '0.000001', free: 14_000_000 },
} as const;

const DAYS = 31;
/** Two a report, and one report a day; those beyond are of `spenders.principalTag`. */
const OWN_COST_EXPLORER_REQUESTS = 2 * DAYS;

/** The guard's own cost in one environment, largest first. */
export function selfCost(counts: SelfCostCounts): readonly SelfCostItem[] {
  const of = (
    what: string,
    count: number,
    price: { readonly usd: string; readonly free: number },
    busyCount = count,
  ): SelfCostItem => ({
    what,
    freeTierLeft: times(Math.max(0, count - price.free), price.usd),
    freeTierUsedUp: times(count, price.usd),
    busy: times(busyCount, price.usd),
  });
  const { idle, busy } = counts.metricQueries;
  const { stateWrites } = counts;
  const ownRequests = Math.min(counts.costExplorerRequests, OWN_COST_EXPLORER_REQUESTS);
  const tagRequests = counts.costExplorerRequests - ownRequests;
  return [
    {
      ...of(`budgets action (${counts.budgetsWithAction})`, counts.budgetsWithAction * DAYS, PRICES.budgetActionDay),
      leftOutBy: "billAction: 'none'",
    },
    of(`dashboard (${counts.dashboards})`, counts.dashboards, PRICES.dashboard),
    of(`alarms (${counts.alarmMetrics} metrics)`, counts.alarmMetrics, PRICES.alarmMetric),
    of(`custom metrics (${counts.customMetricHours} metric-hours)`, counts.customMetricHours, PRICES.customMetricHour),
    of(`GetMetricData (${idle} series idle, ${busy} busy)`, idle, PRICES.metricQuery, busy),
    of(
      `DynamoDB writes (${stateWrites.idle} idle, ${stateWrites.busy} busy)`,
      stateWrites.idle,
      PRICES.stateWrite,
      stateWrites.busy,
    ),
    of(`Cost Explorer (${ownRequests} requests)`, ownRequests, PRICES.costExplorerRequest),
    {
      ...of(`Cost Explorer by tag (${tagRequests} requests)`, tagRequests, PRICES.costExplorerRequest),
      leftOutBy: 'spenders.principalTag is left out',
    },
    { ...of(`SES (${counts.sesMails} mails)`, counts.sesMails, PRICES.sesMail), leftOutBy: 'report.html is left out' },
    of(`Lambda requests (${counts.functionRuns})`, counts.functionRuns, PRICES.functionRun),
    of(`Lambda time (${counts.functionGbSeconds} GB-seconds)`, counts.functionGbSeconds, PRICES.functionGbSecond),
    of(`Scheduler (${counts.schedulerRuns} runs)`, counts.schedulerRuns, PRICES.schedulerRun),
  ].sort((a, b) => b.freeTierUsedUp - a.freeTierUsedUp);
}

/** What all items come to. */
export function selfCostTotal(items: readonly SelfCostColumns[]): SelfCostColumns {
  const sum = (of: (item: SelfCostColumns) => NanoUsd) => nanoUsd(items.reduce((total, item) => total + of(item), 0));
  return {
    freeTierLeft: sum((item) => item.freeTierLeft),
    freeTierUsedUp: sum((item) => item.freeTierUsedUp),
    busy: sum((item) => item.busy),
  };
}

/** What is held against `SELF_COST_GOALS`. */
export function guardItself(items: readonly SelfCostItem[]): readonly SelfCostItem[] {
  return items.filter(({ leftOutBy }) => leftOutBy === undefined);
}

/** What the guard itself comes to, without what is left out by a switch, where the month is read each minute. */
export function busyInSmallCalls(counts: SelfCostCounts): NanoUsd {
  const metricQueries = { ...counts.metricQueries, busy: counts.metricQueries.smallCalls };
  return selfCostTotal(guardItself(selfCost({ ...counts, metricQueries }))).busy;
}

/** A table of text: what the guard itself costs beside what it may, what stands apart, and what all of it rests on. */
export function selfCostLines(counts: SelfCostCounts): readonly string[] {
  const items = selfCost(counts).filter((item) => COLUMNS.some((column) => item[column] > 0));
  const own = guardItself(items);
  const total = selfCostTotal(own);
  const row = (what: string, cell: (column: keyof SelfCostColumns) => string) => [what, ...COLUMNS.map(cell)];
  const amounts = (what: string, of: SelfCostColumns) => row(what, (column) => formatUsd(of[column]));
  const apart = items.filter((item) => !own.includes(item));
  const header = ['the guard itself, a month', 'free tier left', 'used up', 'used up, busy'];
  const rows = [
    ...own.map((item) => amounts(item.what, item)),
    amounts('total', total),
    row('at most', (column) => {
      const goal = formatUsd(SELF_COST_GOALS[column]);
      return total[column] > SELF_COST_GOALS[column] ? `MISSED ${goal}` : goal;
    }),
    ...apart.map((item) => amounts(`apart: ${item.what}, unless ${item.leftOutBy}`, item)),
  ];
  const widths = header.map((text, at) => Math.max(text.length, ...rows.map((one) => (one[at] ?? '').length)));
  const line = (cells: readonly string[]) =>
    cells.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ');
  return [
    line(header),
    ...rows.map(line),
    'unknown, not in the total: logs, SQS, SNS, tokens of the canary; free: budgets without an action, and two with one in an account',
    `assumes list prices of us-east-1, ${ASSUMED_RUN_SECONDS} seconds a run (${ASSUMED_TICK_SECONDS} a tick of the meter), that nothing is wrong, that idle nobody in the account calls a model but this environment's canary, and that one environment has the whole free tier`,
    `busy: calls at all hours that spend the limit evenly, of ${BUSY_CALL.inputTokens} tokens in and ${BUSY_CALL.outputTokens} out at the mean price of the models; smaller calls are more of them, and read more often, up to each minute: ${formatUsd(busyInSmallCalls(counts))} in all`,
  ];
}

const COLUMNS = ['freeTierLeft', 'freeTierUsedUp', 'busy'] as const satisfies readonly (keyof SelfCostColumns)[];

function times(count: number, usd: string): NanoUsd {
  if (count === 0) return ZERO;
  const { digits, scale } = parseDecimal(usd);
  // Counts are whole but for GB-seconds, which are rounded up to whole ones first.
  return decimalToNano({ digits: digits * BigInt(Math.ceil(count)), scale });
}
