import { decimalToNano, formatUsd, parseDecimal, type NanoUsd } from '../money';
import { selfCost, selfCostTotal, type SelfCostCounts, type SelfCostItem } from './self-cost';

/** What of an organisation's hub is billed, in a month of 31 days. Counted from its constructs, see `lib/hub-cost.ts`. */
export interface HubCostCounts {
  readonly alarmMetrics: number;
  /** By schedules. */
  readonly scheduledRuns: number;
  readonly scheduledGbSeconds: number;
  /** Of the function that runs with each event. */
  readonly memoryMiB: number;
}

/**
 * Of one account's guard: a sign of life each hour, one at each percent of its limit, and some changes of state. See `isStandingDue` in
 * core/organization.
 */
const EVENTS_AN_ACCOUNT = 31 * 24 + 100 + 10;
/** It reads an account's items and writes one. */
const SECONDS_AN_EVENT = 1;
const KB_AN_EVENT = 2;

/**
 * Once where it is put, and once where it is delivered to another account
 * (https://cloudburn.io/blog/amazon-eventbridge-pricing, March 2026, read 2026-11-29).
 */
const USD_AN_EVENT = '0.000002';

/** @param accounts that have a guard */
export function hubCost(counts: HubCostCounts, accounts: number): readonly SelfCostItem[] {
  const events = accounts * EVENTS_AN_ACCOUNT;
  const gbSeconds = Math.ceil(counts.scheduledGbSeconds + (events * SECONDS_AN_EVENT * counts.memoryMiB) / 1024);
  const none = { idle: 0, busy: 0, smallCalls: 0 };
  const writes = events * KB_AN_EVENT;
  const own: SelfCostCounts = {
    alarmMetrics: counts.alarmMetrics,
    customMetricHours: 0,
    metricQueries: none,
    stateWrites: { idle: writes, busy: writes },
    dashboards: 0,
    budgetsWithAction: 0,
    costExplorerRequests: 0,
    sesMails: 0,
    functionRuns: counts.scheduledRuns + events,
    functionGbSeconds: gbSeconds,
    schedulerRuns: counts.scheduledRuns,
  };
  const told = times(events, USD_AN_EVENT);
  const bus = { what: `EventBridge (${events} events)`, freeTierLeft: told, freeTierUsedUp: told, busy: told };
  return [...selfCost(own), bus]
    .filter(({ freeTierUsedUp }) => freeTierUsedUp > 0)
    .sort((a, b) => b.freeTierUsedUp - a.freeTierUsedUp);
}

/** A table of text for synth: of the accounts that the file names. */
export function hubCostLines(counts: HubCostCounts, accounts: number): readonly string[] {
  const items = hubCost(counts, accounts);
  const total = selfCostTotal(items);
  const rows = [
    [`the hub itself, a month, of ${accounts} accounts`, 'free tier left', 'used up'],
    ...items.map((item) => [item.what, formatUsd(item.freeTierLeft), formatUsd(item.freeTierUsedUp)]),
    ['total', formatUsd(total.freeTierLeft), formatUsd(total.freeTierUsedUp)],
  ];
  const widths = [0, 1, 2].map((at) => Math.max(...rows.map((row) => (row[at] ?? '').length)));
  return [
    ...rows.map((row) =>
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  '),
    ),
    'unknown, not in the total: reads of the table, S3, logs, SQS, SNS; service control policies and StackSets cost nothing',
    `assumes list prices of us-east-1, ${EVENTS_AN_ACCOUNT} events an account and a run of ${SECONDS_AN_EVENT} second for each; what a guard costs in its own account is printed for an environment`,
  ];
}

function times(count: number, usd: string): NanoUsd {
  const { digits, scale } = parseDecimal(usd);
  return decimalToNano({ digits: digits * BigInt(count), scale });
}
