import * as budgets from 'aws-cdk-lib/aws-budgets';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type { IConstruct } from 'constructs';
import { isSent, type MetricReaders, metrics, type MetricSent } from '../core/metrics';
import {
  ASSUMED_RUN_SECONDS,
  ASSUMED_SAID_KB,
  ASSUMED_TICK_SECONDS,
  BUSY_CALL,
  type SelfCostCounts,
} from '../core/estimates';
import { GuardError } from '../core/errors';
import { pacedTicks } from '../core/meter';
import { nanoUsd, type NanoUsd } from '../core/money';
import { tokenCost, type ModelPrice } from '../core/prices';
import { ASKED_METRICS } from '../lambda/spend-meter';
import { GuardFunction } from './guard-function';
import { SpendMeter } from './spend-meter';

/**
 * What a report asks of Cost Explorer, a page each: the bill of the account, and what it was for; or, where nobody called a model lately,
 * whether the billing tag is active in place of the latter.
 */
const REQUESTS_A_REPORT = 2;
/** With a tag of IAM principals one more: the bill by its values. */
const REQUESTS_BY_TAG = 1;
const DAYS = 31;
const HOURS_SENT: Readonly<Record<MetricSent, number>> = { daily: DAYS, hourly: 24 * DAYS, rarely: 0 };
const MINUTES = { minute: 1, minutes: 1, hour: 60, hours: 60, day: 1440, days: 1440 } as const;

/** Counts what is billed in the constructs of a guard, or of its stack, so that the figure cannot drift from what is deployed. */
export function countBillable(guard: IConstruct): SelfCostCounts {
  const all = guard.node.findAll();
  const of = <Type>(type: abstract new (...args: never[]) => Type) =>
    all.filter((construct): construct is typeof construct & Type => construct instanceof (type as never));
  const alarms = of(cloudwatch.CfnAlarm);
  const runs = of(scheduler.CfnSchedule).map(({ scheduleExpression, node }) => ({
    count: runsPerMonth(scheduleExpression),
    memoryMiB: memoryOf(node.scopes),
    // The day's last run finds the report sent, and asks nothing.
    isReport: node.path.includes('CostCheck') && !node.path.includes('DaysLast'),
    isMeter: node.path.includes('SpendMeter'),
  }));
  const total = (count: (run: (typeof runs)[number]) => number) => runs.reduce((sum, run) => sum + count(run), 0);
  return {
    alarmMetrics: alarms.reduce((sum, { metrics: inAlarm }) => sum + (Array.isArray(inAlarm) ? inAlarm.length : 1), 0),
    customMetricHours: customMetricHours(guard),
    ...meterCounts(guard),
    dashboards: of(cloudwatch.CfnDashboard).length,
    budgetsWithAction: of(budgets.CfnBudgetsAction).length,
    costExplorerRequests: total((run) => (run.isReport ? run.count * requestsAReport(guard) : 0)),
    sesMails: total((run) => (run.isReport ? run.count * htmlReaders(guard) : 0)),
    functionRuns: total(({ count }) => count),
    functionGbSeconds: Math.ceil(
      total(
        ({ count, memoryMiB, isMeter }) =>
          (count * (isMeter ? ASSUMED_TICK_SECONDS : ASSUMED_RUN_SECONDS) * memoryMiB) / 1024,
      ),
    ),
    schedulerRuns: total(({ count }) => count),
  };
}

/** Whom SES mails the report to; nobody where it goes as text. */
function htmlReaders(guard: IConstruct): number {
  const told = guardFunctions(guard).map((one) => one.told['REPORT_TO'] ?? '[]');
  return Math.max(0, ...told.map((addresses) => (JSON.parse(addresses) as string[]).length));
}

function requestsAReport(guard: IConstruct): number {
  const asksByTag = guardFunctions(guard).some(({ told }) => told['SPENDERS_TAG'] !== undefined);
  return REQUESTS_A_REPORT + (asksByTag ? REQUESTS_BY_TAG : 0);
}

/** Those that the functions are told to send, as often as they are sent when nothing is wrong. */
function customMetricHours(guard: IConstruct): number {
  const told = guardFunctions(guard).map((one) => one.told);
  const readers: MetricReaders = {
    onDashboard: told.some(({ DASHBOARD }) => DASHBOARD === 'true'),
    asked: told.flatMap((one) => askedMetrics(one)),
  };
  const sent = Object.values(metrics).filter((metric) => isSent(metric, readers));
  return sent.reduce((hours, metric) => hours + HOURS_SENT[metric.sent], 0);
}

function askedMetrics(told: Readonly<Record<string, string>>): readonly string[] {
  return JSON.parse(told[ASKED_METRICS] ?? '[]') as string[];
}

const GATES_AN_HOUR = 60;
/**
 * Where an alarm tells of activity, and nobody calls a model but the canary, once: from its event until the alarm is at rest again,
 * at each look, and what the looks leave. Counted in the simulator, docs/adr/0016-told-not-polling.md.
 */
const TOLD = { gatesAnHour: 17, writesAnHour: 4 } as const;
const READS_AN_HOUR_AT_MOST = 60;
const HOURS = 24 * DAYS;
const MINUTES_A_MONTH = 60 * HOURS;

/** What the meter asks CloudWatch for and writes, by its own pace. */
function meterCounts(guard: IConstruct): Pick<SelfCostCounts, 'metricQueries' | 'stateWrites'> {
  const [meter] = guard.node.findAll().filter((construct) => construct instanceof SpendMeter);
  if (meter === undefined)
    return { metricQueries: { idle: 0, busy: 0, smallCalls: 0 }, stateWrites: { idle: 0, busy: 0 } };
  const { seriesAsked: series, regions, prices, paced } = meter;
  const costPerCall = busyCall(prices);
  const idle = pacedTicks({ ...paced, costPerCall, callsPerMinute: 0 });
  const busy = pacedTicks({ ...paced, costPerCall, callsPerMinute: paced.limit / costPerCall / MINUTES_A_MONTH });
  const isTold = meter.activity !== undefined;
  const gates = { idle: isTold ? TOLD.gatesAnHour : GATES_AN_HOUR * regions, busy: GATES_AN_HOUR * regions };
  // The gate of each Region, and at each full read what is asked for by name: of every model, used or not (trap 46).
  const queries = (gate: number, reads: number, asked: number) => Math.ceil(HOURS * (gate + reads * asked));
  const writes = (perHour: number) => Math.ceil(HOURS * perHour * ASSUMED_SAID_KB);
  return {
    metricQueries: {
      idle: queries(gates.idle, idle.reads, series.idle),
      busy: queries(gates.busy, busy.reads, series.busy),
      smallCalls: queries(gates.busy, READS_AN_HOUR_AT_MOST, series.busy),
    },
    stateWrites: { idle: writes(idle.writes + (isTold ? TOLD.writesAnHour : 0)), busy: writes(busy.writes) },
  };
}

/** At the mean price of the models. */
function busyCall(prices: readonly ModelPrice[]): NanoUsd {
  const { inputTokens, outputTokens } = BUSY_CALL;
  const each = prices.map(({ input, output }) => tokenCost(inputTokens, input) + tokenCost(outputTokens, output));
  return nanoUsd(Math.ceil(each.reduce((sum, cost) => sum + cost, 0) / each.length));
}

function guardFunctions(guard: IConstruct): readonly GuardFunction[] {
  return guard.node.findAll().filter((construct) => construct instanceof GuardFunction);
}

/** @throws GuardError TEMPLATE_UNSUPPORTED on a form of schedule that the guard does not use */
export function runsPerMonth(expression: string): number {
  const rate = /^rate\((\d+) (minutes?|hours?|days?)\)$/.exec(expression);
  if (rate) return Math.ceil((DAYS * 1440) / (Number(rate[1]) * MINUTES[rate[2] as keyof typeof MINUTES]));
  if (/^cron\(\d+ \d+ \* \* \? \*\)$/.test(expression)) return DAYS;
  throw new GuardError(
    'TEMPLATE_UNSUPPORTED',
    `cannot count the runs of ${expression}: use rate(…) or a daily cron(…)`,
  );
}

/** A schedule lives beside its function, in the same construct. */
export function memoryOf(scopes: IConstruct['node']['scopes']): number {
  const guardFunction = scopes.findLast((scope) => scope.node.tryFindChild('Function') instanceof lambda.Function);
  const found = guardFunction?.node.findChild('Function').node.defaultChild as lambda.CfnFunction | undefined;
  return found?.memorySize ?? 128;
}
