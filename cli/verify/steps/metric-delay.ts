import { MINUTE_MS } from '../../../core/calendar';
import {
  DELAY_CALLS,
  DELAY_CALLS_APART_MS,
  type Judged,
  judgeMetricDelay,
  pauseAfter,
  sourceArn,
  WAITS,
} from '../../../core/verify';
import { callProfile, idOf, seriesOf, sums } from '../calls';
import type { Verification } from '../context';

export async function metricDelay(v: Verification): Promise<Judged> {
  const arn = await v.made.profile('metric-delay', sourceArn(v.model));
  const series = seriesOf(v, 'InputTokenCount', idOf(arn));
  const began = v.now();
  /** When each was answered, and how many tokens there were by then. */
  const answered: { readonly at: number; readonly tokens: number }[] = [];
  const delaysMs: number[] = [];
  v.progress(`metric-delay: ${DELAY_CALLS} calls over a minute`);
  let due = began;
  for (;;) {
    if (answered.length < DELAY_CALLS && v.now() >= due) {
      const { inputTokens } = await callProfile(v, arn);
      answered.push({ at: v.now(), tokens: (answered.at(-1)?.tokens ?? 0) + inputTokens });
      due += DELAY_CALLS_APART_MS;
    }
    const [seen = 0] = (await sums(v, [series], began)) ?? [];
    const now = v.now();
    // As if CloudWatch counted them in order, as a sum does not say whose tokens it has: their mean is true all the same.
    for (const { at, tokens } of answered.slice(delaysMs.length)) if (tokens <= seen) delaysMs.push(now - at);
    const last = answered.at(-1)?.at ?? began;
    const isOver = answered.length === DELAY_CALLS && (delaysMs.length === DELAY_CALLS || now - last >= WAITS.delay);
    if (isOver) break;
    const pause = pauseAfter(now - (answered[delaysMs.length]?.at ?? now));
    await v.sleep(answered.length < DELAY_CALLS ? Math.max(1, Math.min(pause, due - now)) : pause);
  }
  return judgeMetricDelay({
    calls: DELAY_CALLS,
    delaysMs,
    waitedMs: v.now() - (answered.at(-1)?.at ?? began),
    assumedMs: v.environment.meter.overshoot.assumptions.metricDelayMinutes * MINUTE_MS,
  });
}
