import {
  type Amount,
  type BilledDay,
  type BillReading,
  type ModelReading,
  forecastMonth,
  usualDay,
  type Estimate,
} from '../bill';
import { addDays, utcDay, utcMonth, type UtcDay } from '../calendar';
import type { BudgetTree } from './budget-tree';
import { blindCount, type LineStatus } from './lines';
import type { MeterReport } from './meter-report';
import { type Movers, moversOf } from './movers';
import { aboveZero, asFindings, metrics, type MetricValue } from '../metrics';
import { asPercent, NANO_PER_USD, ZERO, type NanoUsd } from '../money';
import type { Reading } from '../reading';
import type { TopSpenders } from '../spenders';
import { crossed, type CrossedThreshold, type Threshold } from '../stop-lines';

/** The daily report of one environment, as data: amounts are integer nano-dollars. */
export interface CostReport {
  readonly schemaVersion: 1;
  readonly environment: string;
  /** ISO time, UTC. */
  readonly asOf: string;
  readonly month: string;
  readonly limit: NanoUsd;
  readonly bill: BillFigures | { readonly kind: 'unavailable'; readonly why: string };
  readonly meter: MeterReport;
  readonly lines: readonly LineStatus[];
  /** What callers share, and within it; absent where the environment has no budgets within its own. */
  readonly budgets?: BudgetTree;
  /** Absent: the config asks for nobody's name. */
  readonly spenders?: Reading<TopSpenders>;
  /** Break-glass roles, which no stop reaches. */
  readonly neverStop: readonly string[];
  /** Whom a stop reaches and the meter may not see, as `role app`. */
  readonly guardedUnmetered: readonly string[];
  /** Paid requests to Cost Explorer that this report made. */
  readonly requests: number;
}

export interface BillFigures {
  readonly kind: 'known';
  readonly monthToDate: NanoUsd;
  /** The bill has no line yet: no figure goes to CloudWatch, and the mail says so. */
  readonly nothingYet: boolean;
  readonly percentOfLimit: number;
  readonly crossed: readonly CrossedThreshold[];
  readonly yesterday: NanoUsd;
  readonly usualDay: Estimate;
  readonly forecast: Estimate;
  readonly lastMonth: NanoUsd;
  /** Days of this month that the bill has, in order; absent in reports of before it was told. */
  readonly byDay?: readonly { readonly day: UtcDay; readonly amount: NanoUsd }[];
  readonly byService: readonly Amount[];
  readonly byModel: ModelReading;
  /** Absent: told by a guard of an earlier version. */
  readonly movers?: Movers;
  /** Bedrock in the account that carries no environment's tag: no guard stops it. */
  readonly untagged: NanoUsd;
  readonly foreign: NanoUsd;
}

export interface ReportInput {
  readonly environment: string;
  readonly limit: NanoUsd;
  readonly thresholds: readonly Threshold[];
  readonly bill: BillReading;
  readonly models: ModelReading;
  /** By model, of this month and some days before. Where it is unknown, services stand for models. */
  readonly billed: Reading<readonly BilledDay[]>;
  readonly meter: MeterReport;
  readonly lines: readonly LineStatus[];
  readonly budgets?: BudgetTree;
  readonly spenders?: Reading<TopSpenders>;
  readonly neverStop: readonly string[];
  readonly guardedUnmetered: readonly string[];
  readonly requests: number;
  readonly now: number;
}

export function makeReport(input: ReportInput): CostReport {
  const { environment, limit, bill, meter, lines, budgets, spenders, neverStop, guardedUnmetered, requests, now } =
    input;
  return {
    schemaVersion: 1,
    environment,
    asOf: new Date(now).toISOString(),
    month: utcMonth(now),
    limit,
    bill: bill.kind === 'known' ? figures(bill, input) : { kind: 'unavailable', why: bill.why },
    meter: withCrossed(meter, input),
    lines,
    ...(budgets && { budgets }),
    ...(spenders && { spenders }),
    neverStop,
    guardedUnmetered,
    requests,
  };
}

/** By what the stop decision counts. */
function withCrossed(meter: MeterReport, { limit, thresholds }: ReportInput): MeterReport {
  const { figures: of } = meter;
  if (of.kind === 'unavailable') return meter;
  return { ...meter, crossed: crossed(of.calibrated ?? of.monthToDate, limit, thresholds) };
}

function figures(
  bill: BillReading & { kind: 'known' },
  { limit, thresholds, models, billed, now }: ReportInput,
): BillFigures {
  const byModel =
    billed.kind === 'known' ? billed.value.map(({ model, ...rest }) => ({ ...rest, name: model })) : undefined;
  return {
    kind: 'known',
    monthToDate: bill.monthToDate,
    nothingYet: bill.nothingYet,
    percentOfLimit: asPercent(bill.monthToDate, limit),
    crossed: crossed(bill.monthToDate, limit, thresholds),
    yesterday: bill.byDay.get(addDays(utcDay(now), -1)) ?? ZERO,
    usualDay: usualDay(bill.byDay, now),
    forecast: forecastMonth(bill.byDay, now),
    lastMonth: bill.lastMonth,
    byDay: [...bill.byDay]
      .filter(([day]) => day.startsWith(utcMonth(now)))
      .map(([day, amount]) => ({ day, amount }))
      .sort((a, b) => (a.day < b.day ? -1 : 1)),
    byService: bill.byService,
    byModel: models,
    movers: byModel ? moversOf(byModel, 'models', now) : moversOf(bill.serviceDays, 'services', now),
    untagged: bill.untagged,
    foreign: bill.foreign,
  };
}

/** What the report says to CloudWatch: an unknown bill has no figure, never 0. */
export function reportMetrics({ bill, meter, lines }: CostReport): readonly MetricValue[] {
  return [
    ...(bill.kind === 'known' && !bill.nothingYet
      ? [
          { metric: metrics.billMonthToDateUsd, value: bill.monthToDate / NANO_PER_USD },
          { metric: metrics.billPercentOfLimit, value: bill.percentOfLimit },
        ]
      : []),
    { metric: metrics.blindLines, value: blindCount(lines) },
    ...aboveZero([{ metric: metrics.meterDrift, value: meter.comparison.drift.length }]),
    ...asFindings(meter.comparison.drift.length),
  ];
}
