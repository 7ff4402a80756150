import { type Gained, type Judged, judgeMetricNames, NAME_CALLS, sourceArn, WAITS } from '../../../core/verify';
import { callProfile, idOf, looking, passing, seriesOf, sums } from '../calls';
import type { Verification } from '../context';

const METRICS = ['Invocations', 'InputTokenCount', 'OutputTokenCount'];
/** Another series may come later than the one that came first. */
const LEAST_AFTERWARDS_MS = 10_000;

export async function metricNames(v: Verification): Promise<Judged> {
  const arn = await v.made.profile('metric-names', sourceArn(v.model));
  const profile = { arn, id: idOf(arn) };
  const ownIds = [v.model.modelId, ...(v.model.systemProfileId === undefined ? [] : [v.model.systemProfileId])];
  const ids = [profile.id, arn, ...ownIds];
  const series = ids.flatMap((id) => METRICS.map((metric) => seriesOf(v, metric, id)));
  const began = v.now();
  let before: readonly number[] | undefined;
  await looking(v, v.now(), WAITS.names, async () => (before = await sums(v, series, began)) !== undefined);
  let inputTokens = 0;
  let outputTokens = 0;
  for (let call = 0; call < NAME_CALLS; call += 1) {
    const usage = await callProfile(v, arn);
    inputTokens += usage.inputTokens;
    outputTokens += usage.outputTokens;
  }
  const called = v.now();
  let gained: readonly Gained[] = [];
  const look = async () => {
    const now = await sums(v, series, began);
    if (now && before) {
      gained = series.map(({ metric, dimensions }, at) => ({
        metric,
        modelId: dimensions['ModelId'] ?? '',
        gained: (now[at] ?? 0) - (before?.[at] ?? 0),
      }));
    }
    return [profile.id, arn].some((id) =>
      gained.some((one) => one.modelId === id && one.metric === 'OutputTokenCount' && one.gained >= outputTokens),
    );
  };
  v.progress('metric-names: waiting for the calls to show');
  const shownAfter = await looking(v, called, WAITS.names, look);
  if (shownAfter < WAITS.names) {
    await v.sleep(Math.max(LEAST_AFTERWARDS_MS, shownAfter));
    await look();
  }
  v.use({ listings: 1 });
  const listed = (await passing(() => v.services.verify.series.of(v.environment.region, profile.id))) ?? [];
  return judgeMetricNames({
    profile,
    ownIds,
    calls: NAME_CALLS,
    inputTokens,
    outputTokens,
    gained,
    listed: [...new Set(listed.map(({ metric }) => metric))],
    waitedMs: v.now() - called,
  });
}
