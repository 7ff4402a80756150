import { type Judged, judgeListingDelay, sourceArn, WAITS } from '../../../core/verify';
import { callProfile, idOf, looking, passing, seriesOf, sums } from '../calls';
import type { Verification } from '../context';

const METRIC = 'InputTokenCount';

export async function listingDelay(v: Verification): Promise<Judged> {
  const arn = await v.made.profile('listing-delay', sourceArn(v.model));
  const id = idOf(arn);
  const began = v.now();
  await callProfile(v, arn);
  const called = v.now();
  let readableAfterMs: number | undefined;
  let listedAfterMs: number | undefined;
  v.progress('listing-delay: waiting for ListMetrics, which takes up to 15 minutes');
  const waitedMs = await looking(v, called, WAITS.listing, async () => {
    if (readableAfterMs === undefined) {
      const [sum = 0] = (await sums(v, [seriesOf(v, METRIC, id)], began)) ?? [];
      if (sum > 0) readableAfterMs = v.now() - called;
    }
    if (listedAfterMs === undefined) {
      v.use({ listings: 1 });
      const listed = await passing(() => v.services.verify.series.of(v.environment.region, id));
      if (listed?.some(({ metric }) => metric === METRIC)) listedAfterMs = v.now() - called;
    }
    return readableAfterMs !== undefined && listedAfterMs !== undefined;
  });
  return judgeListingDelay({
    waitedMs,
    ...(readableAfterMs === undefined ? {} : { readableAfterMs }),
    ...(listedAfterMs === undefined ? {} : { listedAfterMs }),
  });
}
