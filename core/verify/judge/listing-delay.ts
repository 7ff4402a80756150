import { seconds } from '../percentile';
import type { Judged, RowFinding, Verdict } from '../rows';
import { LISTED_WITHIN_MS } from '../work';

/** From the answer of the first call on; absent: not within the wait. */
export interface ListingDelayReadings {
  readonly readableAfterMs?: number;
  readonly listedAfterMs?: number;
  readonly waitedMs: number;
}

export function judgeListingDelay(readings: ListingDelayReadings): Judged {
  const { readableAfterMs, listedAfterMs, waitedMs } = readings;
  const finding = (verdict: Verdict, text: string): RowFinding => ({ row: 'listing-delay', verdict, text });
  const read = readableAfterMs === undefined ? 'never read by its name' : `read by its name ${after(readableAfterMs)}`;
  return { findings: [judged()], readings: { ...readings }, numbers: { ...readings } };

  function judged(): RowFinding {
    if (readableAfterMs === undefined && listedAfterMs === undefined) {
      return finding('unsettled', `the series did not show at all within ${seconds(waitedMs)}`);
    }
    if (listedAfterMs === undefined) {
      // It must have been looked for as long as AWS takes.
      const verdict = waitedMs >= LISTED_WITHIN_MS ? 'otherwise' : 'unsettled';
      return finding(verdict, `not listed within ${seconds(waitedMs)}, ${read}`);
    }
    if (readableAfterMs === undefined) return finding('otherwise', `listed ${after(listedAfterMs)}, ${read}`);
    return finding(
      listedAfterMs <= LISTED_WITHIN_MS ? 'shown' : 'otherwise',
      `listed ${after(listedAfterMs)}, ${read}`,
    );
  }
}

const after = (ms: number) => `after ${seconds(ms)}`;
