import type { MetricValue, MetricsPort } from '../../core/metrics';

export class FakeMetrics implements MetricsPort {
  readonly records: {
    environment: string;
    values: readonly MetricValue[];
    fields: Readonly<Record<string, unknown>>;
  }[] = [];

  record(environment: string, values: readonly MetricValue[], fields: Readonly<Record<string, unknown>>): void {
    this.records.push({ environment, values, fields });
  }

  /** The latest value of a metric, or `undefined` where the last record did not have it. */
  latest(name: string): number | undefined {
    return this.records.at(-1)?.values.find(({ metric }) => metric.name === name)?.value;
  }
}
