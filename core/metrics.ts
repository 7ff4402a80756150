/** The guard's own metrics, defined once for the emitter, the alarms and the dashboard. */
export const METRIC_NAMESPACE = 'SpendGuard';
export const ENVIRONMENT_DIMENSION = 'Environment';

/** A custom metric is paid for by the hour in which it is sent: how often that is, when nothing is wrong. */
export type MetricSent = 'daily' | 'hourly' | 'rarely';

/** Nothing is sent that nobody reads; its figure is in the log all the same. */
export type MetricReader = 'alarm' | 'dashboard';

export type MetricUnit = 'None' | 'Count' | 'Percent' | 'Milliseconds';

export const metrics = {
  /**
   * How much a run has found that people should know of, whatever it is: the alarm `findings`. The counts below, under which each has
   * its entry in docs/runbook.md, stand beside it in the same line of the log.
   */
  findings: { name: 'Findings', unit: 'Count', sent: 'rarely', readBy: 'alarm' },
  /** US dollars of the month so far, by Cost Explorer. */
  billMonthToDateUsd: { name: 'BillMonthToDateUsd', unit: 'None', sent: 'daily', readBy: 'dashboard' },
  billPercentOfLimit: { name: 'BillPercentOfLimit', unit: 'Percent', sent: 'daily', readBy: 'dashboard' },
  /** How many of the guard's lines cannot see at present. */
  blindLines: { name: 'BlindLines', unit: 'Count', sent: 'daily', readBy: 'dashboard' },
  /** Findings of the health check, by status; all counts from here on are sent only above zero. */
  healthFailures: { name: 'HealthFailures', unit: 'Count', sent: 'rarely', readBy: 'dashboard' },
  healthWarnings: { name: 'HealthWarnings', unit: 'Count', sent: 'rarely', readBy: 'dashboard' },
  /** Checks that could not be made. */
  healthUnknown: { name: 'HealthUnknown', unit: 'Count', sent: 'rarely', readBy: 'dashboard' },
  canaryFailures: { name: 'CanaryFailures', unit: 'Count', sent: 'rarely', readBy: 'dashboard' },
  /** The slowest of the one-token calls that were answered. */
  slowestModel: { name: 'SlowestModel', unit: 'Milliseconds', sent: 'hourly', readBy: 'dashboard' },
  /** Aliases and versions whose provisioned concurrency is lowered. */
  sleepingFunctions: { name: 'SleepingFunctions', unit: 'Count', sent: 'rarely', readBy: 'dashboard' },
  /** US dollars an hour; sent only where every price is known. */
  concurrencySavedUsdPerHour: { name: 'ConcurrencySavedUsdPerHour', unit: 'None', sent: 'rarely', readBy: 'dashboard' },
  /** What could not be lowered, restored or read, a FAILED allocation among them. */
  concurrencyFailures: { name: 'ConcurrencyFailures', unit: 'Count', sent: 'rarely', readBy: 'dashboard' },
  /** US dollars of the month so far, by the meter; sent with each full read. */
  meterMonthToDateUsd: { name: 'MeterMonthToDateUsd', unit: 'None', sent: 'hourly', readBy: 'dashboard' },
  meterBlind: { name: 'MeterBlind', unit: 'Count', sent: 'rarely', readBy: 'dashboard' },
  /** Models with spend after a confirmed stop. */
  meterLeaks: { name: 'MeterLeaks', unit: 'Count', sent: 'rarely', readBy: 'dashboard' },
  /** Principals that could not be denied, or let go. */
  openPrincipals: { name: 'OpenPrincipals', unit: 'Count', sent: 'rarely', readBy: 'dashboard' },
  /** Attachments that somebody else had changed. */
  driftRepairs: { name: 'DriftRepairs', unit: 'Count', sent: 'rarely', readBy: 'dashboard' },
  /** Ids behind the environment's own profiles that no price is known for. */
  unattributedModels: { name: 'UnattributedModels', unit: 'Count', sent: 'rarely', readBy: 'dashboard' },
  /** Models of which meter and bill differ on two days or more. */
  meterDrift: { name: 'MeterDrift', unit: 'Count', sent: 'rarely', readBy: 'dashboard' },
} as const satisfies Record<string, MetricDefinition>;

export interface MetricDefinition {
  readonly name: string;
  readonly unit: MetricUnit;
  readonly sent: MetricSent;
  readonly readBy: MetricReader;
}

/** Who reads the metrics of an environment, beside the alarms. */
export interface MetricReaders {
  /** A dashboard shows the environment. */
  readonly onDashboard: boolean;
  /** Names of those that an app has asked for. @default - none */
  readonly asked?: readonly string[] | undefined;
}

/** Whether a metric goes to CloudWatch. */
export function isSent({ readBy, name }: MetricDefinition, { onDashboard, asked = [] }: MetricReaders): boolean {
  return readBy === 'alarm' || onDashboard || asked.includes(name);
}

export interface MetricValue {
  readonly metric: MetricDefinition;
  readonly value: number;
}

/** What the alarm is raised by. */
export function asFindings(count: number): readonly MetricValue[] {
  return aboveZero([{ metric: metrics.findings, value: count }]);
}

/** Counts that are worth sending: an alarm takes a missing one for none, and the run itself is watched by its own alarm. */
export function aboveZero(values: readonly MetricValue[]): readonly MetricValue[] {
  return values.filter(({ value }) => value > 0);
}

/** Writes the guard's own metrics, with what led to them as fields of the same record. */
export interface MetricsPort {
  record(environment: string, values: readonly MetricValue[], fields: Readonly<Record<string, unknown>>): void;
}
