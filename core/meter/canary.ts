import { HOUR_MS, MINUTE_MS, type UtcMonth, utcMonth } from '../calendar';
import { tokensIn } from './pricing';
import { hourlyTokens, metricIdOf, type HourlyTokens } from './series';
import type { Series, TokenComponent } from './types';

/** Known token counts behind a known profile: what the meter must find in CloudWatch. Lower bounds of their minute. */
export interface CanaryRecord {
  readonly atMs: number;
  /** The opaque end of the profile's ARN: CloudWatch's ModelId dimension (M-H, so the meter looks by ARN and model too). */
  readonly profileId: string;
  readonly profileArn: string;
  readonly modelId: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** How long the canary's tokens may take to show in CloudWatch. */
export const CANARY_DUE_MS = 15 * MINUTE_MS;
/** Older calls are judged no more: what was blind then and sees now is no longer blind. */
const JUDGED_MS = 3 * HOUR_MS;

/** The canary calls that a read at `readAt` must show: [from, to). */
export function canaryWindow(readAt: number): { readonly from: number; readonly to: number } {
  return { from: readAt - JUDGED_MS, to: readAt - CANARY_DUE_MS + 1 };
}

/**
 * Whether the canary's tokens have shown up, by profile, hour and component: the record of a minute is a lower bound, and so is
 * their sum for its hour. Looks for the canary's own profile alone, under the very name that is asked for: it proves that what is
 * called shows by its name, and not what ListMetrics finds in the end (trap 46).
 * @returns the time of the first call that is overdue; undefined where nothing is
 */
export function canaryOverdue(
  records: readonly CanaryRecord[],
  series: readonly Series[],
  month: UtcMonth,
  readAt: number,
): { readonly since: number } | undefined {
  const { from, to } = canaryWindow(readAt);
  const due = records
    .filter(({ atMs }) => atMs >= from && atMs < to && utcMonth(atMs) === month)
    .sort((a, b) => a.atMs - b.atMs);
  // One that was replaced is judged beside the new one: what either shows is not of the other.
  const overdue = [...new Set(due.map(({ profileId }) => profileId))].flatMap((id) => {
    const own = series.filter((one) => metricIdOf(one.id) === id);
    const calls = due.filter(({ profileId }) => profileId === id);
    return firstMissing(calls, hourlyTokens(own, month, readAt).usage) ?? [];
  });
  return overdue.length === 0 ? undefined : { since: Math.min(...overdue) };
}

/** @param calls of one profile, oldest first */
function firstMissing(calls: readonly CanaryRecord[], usage: readonly HourlyTokens[]): number | undefined {
  const shown = (component: TokenComponent, hour: number) =>
    usage
      .filter((one) => one.component === component)
      .reduce((sum, one) => sum + tokensIn(one.hours, hour, hour + HOUR_MS), 0);
  const expected = new Map<number, { readonly input: number; readonly output: number }>();
  for (const { atMs, inputTokens, outputTokens } of calls) {
    const hour = Math.floor(atMs / HOUR_MS) * HOUR_MS;
    const before = expected.get(hour) ?? { input: 0, output: 0 };
    const input = before.input + inputTokens;
    const output = before.output + outputTokens;
    if (shown('input', hour) < input || shown('output', hour) < output) return atMs;
    expected.set(hour, { input, output });
  }
  return undefined;
}
