import * as z from 'zod';
import { HOUR_MS, MINUTE_MS } from '../../core/calendar';
import { componentOf, BEDROCK } from '../../core/meter/series';
import type { UsageRow } from '../../core/replay/usage';
import type { UsageProblem } from './problems';
import { shown } from './row';

/** As `aws cloudwatch get-metric-data` prints it, or the SDK's answer as JSON. */
export const metricDataAnswer = z.object({
  MetricDataResults: z.array(
    z.object({
      Id: z.string().optional(),
      Label: z.string(),
      Timestamps: z.array(z.string()),
      Values: z.array(z.number()),
      StatusCode: z.string().optional(),
    }),
  ),
  NextToken: z.string().optional(),
});

type Answer = z.output<typeof metricDataAnswer>;

/**
 * Rows of a saved answer of GetMetricData. Each result's label must hold the model and the metric, as CloudWatch's own labels
 * of several metrics do: `amazon.nova-lite-v1:0 InputTokenCount`. Sums by hour or by minute; the distance of the points says which.
 */
export function metricDataRows(
  { MetricDataResults, NextToken }: Answer,
  modelOf: (name: string) => string | undefined,
  known: string,
): { readonly rows: readonly UsageRow[]; readonly problems: readonly UsageProblem[] } {
  const problems: UsageProblem[] = [];
  if (NextToken !== undefined) {
    problems.push({
      place: 'NextToken',
      text: 'the answer has further pages: save all of them in one file, without it',
    });
  }
  const rows = MetricDataResults.flatMap((result, index) => {
    const place = `MetricDataResults[${index}]`;
    const bad = (text: string) => void problems.push({ place, text });
    const words = result.Label.split(/\s+/);
    const metric = words.find((word) => componentOf(idOf(word)) !== undefined);
    const component = metric === undefined ? undefined : componentOf(idOf(metric));
    const modelId = words.flatMap((word) => modelOf(word) ?? []).at(0);
    if (component === undefined || component === 'unpriced') {
      bad(`label ${shown(result.Label)} names no token metric, such as InputTokenCount`);
      return [];
    }
    if (modelId === undefined) {
      bad(`label ${shown(result.Label)} names no model; known: ${known}`);
      return [];
    }
    if (result.StatusCode !== undefined && result.StatusCode !== 'Complete') {
      bad(`StatusCode is ${result.StatusCode}, not Complete: tokens are missing; ask CloudWatch again`);
      return [];
    }
    if (result.Timestamps.length !== result.Values.length) {
      bad(`${result.Timestamps.length} timestamps and ${result.Values.length} values`);
      return [];
    }
    const times = result.Timestamps.map((text) => Date.parse(text));
    const spanMs = spanOf(times);
    return result.Values.flatMap((value, at): UsageRow[] => {
      const time = times[at] ?? Number.NaN;
      if (Number.isNaN(time)) bad(`Timestamps[${at}] must be a time, got ${shown(result.Timestamps[at])}`);
      else if (!Number.isSafeInteger(value) || value < 0)
        bad(`Values[${at}] must be a whole number, 0 or more, got ${shown(value)}`);
      else {
        const tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, [component]: value };
        return [{ at: time, spanMs, modelId, tokens }];
      }
      return [];
    });
  });
  return { rows, problems };
}

/** By the smallest distance between points; a single one is taken for an hour. */
function spanOf(times: readonly number[]): number {
  const sorted = times.filter((time) => !Number.isNaN(time)).sort((a, b) => a - b);
  const gaps = sorted
    .slice(1)
    .map((time, at) => time - (sorted[at] ?? time))
    .filter((gap) => gap > 0);
  const least = Math.min(HOUR_MS, ...gaps);
  return least >= HOUR_MS ? HOUR_MS : Math.max(MINUTE_MS, least);
}

function idOf(metric: string) {
  return { namespace: BEDROCK, region: '', metric, dimensions: {} };
}
