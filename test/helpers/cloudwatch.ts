import type { MetricDataResult } from '@aws-sdk/client-cloudwatch';
import type { SeriesId } from '../../core/meter/types';
import { at } from './meter-world';

export const REGION = 'us-east-1';

export function seriesId(over: Partial<SeriesId> = {}): SeriesId {
  const dimensions = { ModelId: 'abc123' };
  return { namespace: 'AWS/Bedrock', region: REGION, metric: 'InputTokenCount', dimensions, ...over };
}

/** As many series, of the models `m0`, `m1` and so on. */
export function seriesIds(count: number): readonly SeriesId[] {
  return Array.from({ length: count }, (_, index) => seriesId({ dimensions: { ModelId: `m${index}` } }));
}

export function result(
  Id: string,
  StatusCode: string,
  ...points: readonly (readonly [string, number])[]
): MetricDataResult {
  const Timestamps = points.map(([when]) => new Date(at(when)));
  return { Id, StatusCode: StatusCode as never, Timestamps, Values: points.map(([, value]) => value) };
}

/** What GetMetricData is asked for a series of input tokens, or of another metric. */
export function query(
  Id: string,
  Dimensions: readonly object[],
  MetricName = 'InputTokenCount',
  Period = 3600,
): object {
  return { Id, MetricStat: { Metric: { Namespace: 'AWS/Bedrock', MetricName, Dimensions }, Period, Stat: 'Sum' } };
}

export function refusal(name: string, httpStatusCode: number): Error {
  return Object.assign(new Error('x'), { name, $metadata: { httpStatusCode } });
}
