import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from '@aws-sdk/client-cloudwatch';
import type { Reading } from '../../../core/reading';
import type { TrafficPort, TrafficWindow } from '../../../core/concurrency';
import { timeout } from '../pace';
import { allPages } from '../pages';
import { calling } from '../service-error';

const REQUEST_MS = 20_000;
const PERIOD_S = 300;
/** What GetMetricData takes in one request; $0.01 per thousand. */
const AT_ONCE = 500;

/** `AWS/Lambda` Invocations, by function. */
export function invocations(client = new CloudWatchClient({ maxAttempts: 2 })): TrafficPort {
  return {
    async invocations(windows) {
      const found = new Map<string, Reading<number>>();
      // One request has one window: those that look equally far back go together.
      for (const from of new Set(windows.map(({ fromMs }) => fromMs))) {
        const alike = windows.filter(({ fromMs }) => fromMs === from);
        for (let at = 0; at < alike.length; at += AT_ONCE) {
          const part = alike.slice(at, at + AT_ONCE);
          const results = await read(client, part);
          part.forEach(({ functionName }, index) =>
            found.set(functionName, readingOf(results.filter(({ Id }) => Id === idOf(index)))),
          );
        }
      }
      return found;
    },
  };
}

async function read(client: CloudWatchClient, windows: readonly TrafficWindow[]): Promise<readonly MetricDataResult[]> {
  const { fromMs = 0 } = windows[0] ?? {};
  const toMs = windows.reduce((latest, window) => Math.max(latest, window.toMs), 0);
  const periodMs = PERIOD_S * 1000;
  const queries = windows.map(({ functionName }, index): MetricDataQuery => ({
    Id: idOf(index),
    MetricStat: {
      Metric: {
        Namespace: 'AWS/Lambda',
        MetricName: 'Invocations',
        Dimensions: [{ Name: 'FunctionName', Value: functionName }],
      },
      Period: PERIOD_S,
      Stat: 'Sum',
    },
  }));
  return allPages(async (token) => {
    const page = await calling(() =>
      client.send(
        new GetMetricDataCommand({
          // Outwards to whole periods: a call at the edge counts.
          StartTime: new Date(Math.floor(fromMs / periodMs) * periodMs),
          EndTime: new Date(Math.ceil(toMs / periodMs) * periodMs),
          MetricDataQueries: queries,
          NextToken: token,
        }),
        { abortSignal: timeout(REQUEST_MS) },
      ),
    );
    return { items: page.MetricDataResults ?? [], next: page.NextToken };
  });
}

/** Over all pages of one series: `PartialData` may come before, but the last word must be `Complete`. */
function readingOf(parts: readonly MetricDataResult[]): Reading<number> {
  const status = parts.at(-1)?.StatusCode ?? 'no answer';
  if (status !== 'Complete') return { kind: 'unavailable', why: `CloudWatch answers ${status}` };
  const values = parts.flatMap(({ Values }) => Values ?? []);
  if (values.some((value) => !Number.isFinite(value) || value < 0)) {
    return { kind: 'unavailable', why: 'CloudWatch answers a count that is not one' };
  }
  return { kind: 'known', value: values.reduce((sum, value) => sum + value, 0) };
}

function idOf(index: number): string {
  return `f${index}`;
}
