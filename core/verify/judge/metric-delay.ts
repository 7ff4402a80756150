import { percentile, seconds, spread } from '../percentile';
import type { Judged, RowFinding, Verdict } from '../rows';

/** Fewer have no 95th percentile to speak of. */
const ENOUGH = 10;

export interface MetricDelayReadings {
  readonly calls: number;
  /** Of each call that was counted, from its answer until a read has it. */
  readonly delaysMs: readonly number[];
  readonly waitedMs: number;
  /** What the overshoot estimate of the environment rests on. */
  readonly assumedMs: number;
}

export function judgeMetricDelay(readings: MetricDelayReadings): Judged {
  const { calls, delaysMs, waitedMs, assumedMs } = readings;
  const finding = (verdict: Verdict, text: string): RowFinding => ({ row: 'metric-delay', verdict, text });
  return {
    findings: [judged()],
    readings: { ...readings },
    numbers: { calls, counted: delaysMs.length, ...spread('delay', delaysMs) },
  };

  function judged(): RowFinding {
    if (delaysMs.length === 0) return finding('unsettled', `none of ${calls} calls was counted`);
    const p95 = percentile(delaysMs, 95);
    const times = `p50 ${seconds(percentile(delaysMs, 50))}, p95 ${seconds(p95)}, at most ${seconds(percentile(delaysMs, 100))}`;
    const text = `${times}, of ${delaysMs.length} calls (\`metricDelayMinutes\` ${assumedMs / 60_000})`;
    if (delaysMs.length < calls) {
      return finding(
        'otherwise',
        `${calls - delaysMs.length} of ${calls} not counted within ${seconds(waitedMs)}; ${text}`,
      );
    }
    if (delaysMs.length < ENOUGH) return finding('unsettled', `too few: ${text}`);
    return finding(p95 <= assumedMs ? 'shown' : 'otherwise', text);
  }
}
