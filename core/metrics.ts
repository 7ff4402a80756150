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
} as const satisfies Record<string, MetricDefinition>;

export interface MetricDefinition {
  readonly name: string;
  readonly unit: MetricUnit;
}

export interface MetricValue {
  readonly metric: MetricDefinition;
  readonly value: number;
}
