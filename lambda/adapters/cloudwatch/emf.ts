import {
  ENVIRONMENT_DIMENSION,
  isSent,
  METRIC_NAMESPACE,
  type MetricReaders,
  type MetricValue,
  type MetricsPort,
} from '../../../core/metrics';

/**
 * CloudWatch's embedded metric format: one JSON line in the log, which CloudWatch turns into metrics. It needs no permission
 * and no request (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html).
 */
export class EmfMetrics implements MetricsPort {
  /** @param readers what nobody reads is in the line, and no metric */
  constructor(
    private readonly readers: MetricReaders,
    private readonly write: (line: string) => void = (line) => void process.stdout.write(`${line}\n`),
    private readonly now: () => number = Date.now,
  ) {}

  record(environment: string, values: readonly MetricValue[], fields: Readonly<Record<string, unknown>>): void {
    const sent = values.filter(({ metric }) => isSent(metric, this.readers));
    const line = {
      ...fields,
      [ENVIRONMENT_DIMENSION]: environment,
      ...Object.fromEntries(values.map(({ metric, value }) => [metric.name, value])),
      // A line without metrics is a plain line of the log: the format wants at least one.
      ...(sent.length > 0 && {
        _aws: {
          Timestamp: this.now(),
          CloudWatchMetrics: [
            {
              Namespace: METRIC_NAMESPACE,
              Dimensions: [[ENVIRONMENT_DIMENSION]],
              Metrics: sent.map(({ metric }) => ({ Name: metric.name, Unit: metric.unit })),
            },
          ],
        },
      }),
    };
    this.write(JSON.stringify(line));
  }
}
