import {
  CloudWatchClient,
  GetMetricDataCommand,
  ListMetricsCommand,
  type GetMetricDataCommandOutput,
  type MessageData,
  type Metric,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import {
  BEDROCK,
  componentOf,
  MANTLE,
  seriesName,
  type Point,
  type SeriesId,
  type SeriesAnswer,
  type UsageMetricsPort,
} from '../../../core/meter';
import { ServiceError } from '../../../core/errors';
import { timeout } from '../pace';
import { allPagesOrRefusal, perRegion } from '../regional';
import { calling } from '../service-error';

/** Each over all of its pages. Listing, reading and what follows from it fit into a tick of 50 s. */
const LIST_MS = 6_000;
const HOURLY_MS = 12_000;
const GATE_MS = 4_000;
/** What GetMetricData takes in one request. */
const AT_ONCE = 500;
const HOUR_S = 3600;
const MINUTE_S = 60;

interface Window {
  readonly from: number;
  readonly to: number;
  readonly periodSeconds: number;
}

/** @param clientFor called once a Region */
export function usageMetrics(
  clientFor: (region: string) => CloudWatchClient = (region) => new CloudWatchClient({ region, maxAttempts: 2 }),
): UsageMetricsPort {
  const clientOf = perRegion(clientFor);
  return {
    async list(region) {
      const inTime = timeout(LIST_MS);
      const perNamespace = await Promise.all(
        [BEDROCK, MANTLE].map((namespace) => listed(clientOf(region), namespace, inTime)),
      );
      return perNamespace
        .flat()
        .map((metric) => seriesId(metric, region))
        .filter((id) => componentOf(id) !== undefined);
    },

    async hourly(region, series, from, to) {
      const window = { from, to, periodSeconds: HOUR_S };
      const inTime = timeout(HOURLY_MS);
      const parts = [...chunks(series)];
      const answers = await Promise.all(
        parts.map((part) => read(clientOf(region), part.map(metricOf), window, inTime)),
      );
      return answers.reduce<SeriesAnswer>(
        (all, pages, at) => joined(all, () => answerOf(parts[at] ?? [], pages)),
        NOTHING_YET,
      );
    },

    async activity(region, from, to) {
      const gate: SeriesId = { namespace: BEDROCK, region, metric: 'Invocations', dimensions: {} };
      const window = { from, to, periodSeconds: MINUTE_S };
      const pages = await read(clientOf(region), [metricOf(gate)], window, timeout(GATE_MS));
      const answer = answerOf([gate], pages);
      // Not the same as a minute without calls: a gate that cannot see must not close.
      if (answer.kind === 'incomplete') throw new ServiceError('unavailable', 'IncompleteAnswer', answer.why);
      return answer.series
        .flatMap(({ points }) => points)
        .filter(({ value }) => value > 0)
        .map(({ at, value }) => ({ at, calls: value }))
        .sort((a, b) => a.at - b.at);
    },
  };
}

const NOTHING_YET: SeriesAnswer = { kind: 'complete', series: [] };

async function listed(
  client: CloudWatchClient,
  namespace: string,
  abortSignal: AbortSignal,
): Promise<readonly Metric[]> {
  return allPagesOrRefusal(async (token) => {
    const page = await calling(() =>
      client.send(new ListMetricsCommand({ Namespace: namespace, NextToken: token }), { abortSignal }),
    );
    return { items: page.Metrics ?? [], next: page.NextToken };
  });
}

/** The pages of one request of at most 500 series. */
async function read(
  client: CloudWatchClient,
  metrics: readonly Metric[],
  { from, to, periodSeconds }: Window,
  abortSignal: AbortSignal,
): Promise<readonly GetMetricDataCommandOutput[]> {
  const MetricDataQueries = metrics.map((Metric, index): MetricDataQuery => ({
    Id: idOf(index),
    // No Unit: asking for one hides what came with another, and the answer names none.
    MetricStat: { Metric, Period: periodSeconds, Stat: 'Sum' },
  }));
  return allPagesOrRefusal(async (token) => {
    const page = await calling(() =>
      client.send(
        new GetMetricDataCommand({
          StartTime: new Date(from),
          EndTime: new Date(to),
          ScanBy: 'TimestampAscending',
          MetricDataQueries,
          NextToken: token,
        }),
        { abortSignal },
      ),
    );
    return { items: [page], next: page.NextToken };
  });
}

/** What all pages of one request say of its series. Whatever is not plainly all there makes it incomplete (trap 21). */
function answerOf(asked: readonly SeriesId[], pages: readonly GetMetricDataCommandOutput[]): SeriesAnswer {
  const messages = pages.flatMap(({ Messages }) => Messages ?? []);
  if (messages.length > 0) return incomplete(textOf(messages));
  const parts = new Map<string | undefined, MetricDataResult[]>();
  for (const result of pages.flatMap(({ MetricDataResults }) => MetricDataResults ?? [])) {
    parts.set(result.Id, [...(parts.get(result.Id) ?? []), result]);
  }
  const ids = new Set<string | undefined>(asked.map((_, index) => idOf(index)));
  if ([...parts.keys()].some((id) => !ids.has(id))) return incomplete('a result that nobody asked for');
  return asked.reduce<SeriesAnswer>(
    (all, id, index) => joined(all, () => oneSeries(id, parts.get(idOf(index)) ?? [])),
    NOTHING_YET,
  );
}

/** `PartialData` may come before, and `InternalError` too, but the last word must be `Complete`. */
function oneSeries(id: SeriesId, parts: readonly MetricDataResult[]): SeriesAnswer {
  const status = parts.at(-1)?.StatusCode ?? 'no answer';
  if (status !== 'Complete') return incomplete(`${status} for ${seriesName(id)}`);
  const messages = parts.flatMap(({ Messages }) => Messages ?? []);
  if (messages.length > 0) return incomplete(`${textOf(messages)} for ${seriesName(id)}`);
  const points: Point[] = [];
  for (const { Timestamps = [], Values = [] } of parts) {
    if (Timestamps.length !== Values.length) return incomplete(`values without a time for ${seriesName(id)}`);
    points.push(...Timestamps.map((at, index) => ({ at: at.getTime(), value: Values[index] ?? Number.NaN })));
  }
  // Whether the later one continues or replaces the earlier one is nowhere said.
  if (new Set(points.map(({ at }) => at)).size !== points.length) {
    return incomplete(`the same time twice for ${seriesName(id)}`);
  }
  return { kind: 'complete', series: [{ id, points }] };
}

/** Stops at the first part that is incomplete. */
function joined(all: SeriesAnswer, next: () => SeriesAnswer): SeriesAnswer {
  if (all.kind === 'incomplete') return all;
  const more = next();
  return more.kind === 'incomplete' ? more : { kind: 'complete', series: [...all.series, ...more.series] };
}

function incomplete(what: string): SeriesAnswer {
  return { kind: 'incomplete', why: `CloudWatch answers ${what}` };
}

function textOf(messages: readonly MessageData[]): string {
  return messages.map(({ Code = 'message', Value }) => (Value ? `${Code} (${Value})` : Code)).join('; ');
}

function seriesId({ Namespace = '', MetricName = '', Dimensions = [] }: Metric, region: string): SeriesId {
  const dimensions = Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value]));
  return { namespace: Namespace, region, metric: MetricName, dimensions };
}

function metricOf({ namespace, metric, dimensions }: SeriesId): Metric {
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  return { Namespace: namespace, MetricName: metric, Dimensions };
}

/** By position: ids of models hold characters that an Id may not. */
function idOf(index: number): string {
  return `s${index}`;
}

function* chunks(series: readonly SeriesId[]): Generator<readonly SeriesId[]> {
  for (let at = 0; at < series.length; at += AT_ONCE) yield series.slice(at, at + AT_ONCE);
}
