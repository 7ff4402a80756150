/** The guard's own metrics, defined once for the emitter, the alarms and the dashboard. */
export const METRIC_NAMESPACE = 'SpendGuard';
export const ENVIRONMENT_DIMENSION = 'Environment';

export type MetricUnit = 'None' | 'Count' | 'Percent' | 'Milliseconds';

export const metrics = {
  /** US dollars of the month so far, by Cost Explorer. */
  billMonthToDateUsd: { name: 'BillMonthToDateUsd', unit: 'None' },
  billPercentOfLimit: { name: 'BillPercentOfLimit', unit: 'Percent' },
  /** How many of the guard's lines cannot see at present. */
  blindLines: { name: 'BlindLines', unit: 'Count' },
  /** Findings of the health check, by status. */
  healthFailures: { name: 'HealthFailures', unit: 'Count' },
  healthWarnings: { name: 'HealthWarnings', unit: 'Count' },
  /** Sent only where a check could not be made. */
  healthUnknown: { name: 'HealthUnknown', unit: 'Count' },
  /** Sent only where the canary failed. */
  canaryFailures: { name: 'CanaryFailures', unit: 'Count' },
  /** The slowest of the one-token calls that were answered. */
  slowestModel: { name: 'SlowestModel', unit: 'Milliseconds' },
  /** Aliases and versions whose provisioned concurrency is lowered. */
  sleepingFunctions: { name: 'SleepingFunctions', unit: 'Count' },
  /** US dollars an hour; sent only where every price is known. */
  concurrencySavedUsdPerHour: { name: 'ConcurrencySavedUsdPerHour', unit: 'None' },
  /** What could not be lowered, restored or read, a FAILED allocation among them. */
  concurrencyFailures: { name: 'ConcurrencyFailures', unit: 'Count' },
  /** US dollars of the month so far, by the meter; sent with each full read. */
  meterMonthToDateUsd: { name: 'MeterMonthToDateUsd', unit: 'None' },
  /** The following are sent only where there is something to say: a metric costs for the hours in which it is sent. */
  meterBlind: { name: 'MeterBlind', unit: 'Count' },
  /** Models with spend after a confirmed stop. */
  meterLeaks: { name: 'MeterLeaks', unit: 'Count' },
  /** Principals that could not be denied, or let go. */
  openPrincipals: { name: 'OpenPrincipals', unit: 'Count' },
  /** Attachments that somebody else had changed. */
  driftRepairs: { name: 'DriftRepairs', unit: 'Count' },
  /** Ids behind the environment's own profiles that no price is known for. */
  unattributedModels: { name: 'UnattributedModels', unit: 'Count' },
} as const satisfies Record<string, MetricDefinition>;

export interface MetricDefinition {
  readonly name: string;
  readonly unit: MetricUnit;
}

export interface MetricValue {
  readonly metric: MetricDefinition;
  readonly value: number;
}
