import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { BEDROCK } from '../../../core/meter';
import type { ListedSeriesPort } from '../../../core/verify';
import { timeout } from '../pace';
import { allPagesOrRefusal, perRegion } from '../regional';
import { calling } from '../service-error';

const LIST_MS = 10_000;

/** @param clientFor called once a Region */
export function listedSeries(
  clientFor: (region: string) => CloudWatchClient = (region) => new CloudWatchClient({ region, maxAttempts: 3 }),
): ListedSeriesPort {
  const clientOf = perRegion(clientFor);
  return {
    async of(region, modelId) {
      const abortSignal = timeout(LIST_MS);
      const metrics = await allPagesOrRefusal(async (NextToken) => {
        const Dimensions = [{ Name: 'ModelId', Value: modelId }];
        const command = new ListMetricsCommand({ Namespace: BEDROCK, Dimensions, NextToken });
        const page = await calling(() => clientOf(region).send(command, { abortSignal }));
        return { items: page.Metrics ?? [], next: page.NextToken };
      });
      return metrics.map(({ Namespace = BEDROCK, MetricName = '', Dimensions = [] }) => ({
        namespace: Namespace,
        region,
        metric: MetricName,
        dimensions: Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value])),
      }));
    },
  };
}
