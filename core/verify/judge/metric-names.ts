import type { Judged, RowFinding } from '../rows';

/** Tokens and calls that a series has gained. */
export interface Gained {
  readonly metric: string;
  /** The ModelId dimension. */
  readonly modelId: string;
  readonly gained: number;
}

export interface MetricNamesReadings {
  readonly profile: { readonly id: string; readonly arn: string };
  /** Ids of the model behind the profile. */
  readonly ownIds: readonly string[];
  readonly calls: number;
  /** As Bedrock answered. */
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly gained: readonly Gained[];
  /** Names of metrics that ListMetrics has for the profile's id, also those that nobody asked for. */
  readonly listed: readonly string[];
  readonly waitedMs: number;
}

/** Nothing is taken for a zero: what has gained nothing within the wait is unsettled, unless the profile's own series has gained. */
export function judgeMetricNames(readings: MetricNamesReadings): Judged {
  const { profile, calls, inputTokens, outputTokens, gained, listed, waitedMs } = readings;
  const expected = { Invocations: calls, InputTokenCount: inputTokens, OutputTokenCount: outputTokens };
  const of = (id: string) => gained.filter(({ modelId, gained: more }) => modelId === id && more > 0);
  const byProfile = of(profile.id).length > 0 ? profile.id : of(profile.arn).length > 0 ? profile.arn : undefined;
  return {
    findings: [named(), own()],
    readings: { ...readings },
    numbers: { calls, inputTokens, outputTokens, waitedMs },
  };

  function named(): RowFinding {
    const row = 'metric-names';
    if (byProfile === undefined) {
      return { row, verdict: 'unsettled', text: `no series of the profile has gained anything (${calls} calls)` };
    }
    const form = byProfile === profile.id ? "the profile's opaque id" : "the profile's ARN";
    const wrong = Object.entries(expected).flatMap(([metric, count]) => {
      const seen = of(byProfile).find((one) => one.metric === metric)?.gained ?? 0;
      return seen === count ? [] : [`${metric} ${seen} of ${count}`];
    });
    const also = listed.length > 0 ? `; listed: ${[...listed].sort().join(', ')}` : '';
    if (wrong.length > 0) return { row, verdict: 'otherwise', text: `under ${form}: ${wrong.join(', ')}${also}` };
    return {
      row,
      verdict: byProfile === profile.id ? 'shown' : 'otherwise',
      text: `${Object.keys(expected).join(', ')} under ${form}, each as Bedrock answered${also}`,
    };
  }

  function own(): RowFinding {
    const row = 'own-series';
    const series = readings.ownIds.flatMap(of).filter(({ metric }) => metric === 'InputTokenCount');
    if (byProfile === undefined) return { row, verdict: 'unsettled', text: 'the calls did not show at all' };
    const all = series.reduce((sum, one) => sum + one.gained, 0);
    if (all === 0) return { row, verdict: 'shown', text: 'it is not: they gained nothing while the profile did' };
    const ids = series.map(({ modelId }) => modelId).join(', ');
    return series.every((one) => one.gained === inputTokens)
      ? { row, verdict: 'otherwise', text: `it is: ${ids} gained the same ${inputTokens} tokens` }
      : { row, verdict: 'unsettled', text: `${ids} gained ${all} tokens beside ${inputTokens}: others call the model` };
  }
}
