import type { MetricValue } from '../metrics';

/** Writes the guard's own metrics, with what led to them as fields of the same record. */
export interface MetricsPort {
  record(environment: string, values: readonly MetricValue[], fields: Readonly<Record<string, unknown>>): void;
}
