import { percentile, seconds, spread } from '../percentile';
import type { Judged, RowFinding, Verdict } from '../rows';

/** From the answer of SetDefaultPolicyVersion on; absent: not within the wait. */
export interface Flip {
  readonly refusedAfterMs?: number;
  readonly answeredAgainAfterMs?: number;
}

/** The stream that was in flight when a new call was first refused. */
export interface StreamReading {
  readonly end: 'complete' | 'cut';
  readonly parts: number;
  /** From the first refused call until its end. */
  readonly wentOnMs: number;
  readonly why?: string;
}

export interface DenyLatencyReadings {
  readonly flips: readonly Flip[];
  /** Absent: none was in flight then. */
  readonly stream?: StreamReading;
  /** Of each wait. */
  readonly waitMs: number;
  /** What the overshoot estimate of the environment rests on. */
  readonly assumedMs: number;
}

export function judgeDenyLatency(readings: DenyLatencyReadings): Judged {
  const { flips, stream, waitMs, assumedMs } = readings;
  const refused = flips.flatMap(({ refusedAfterMs }) => refusedAfterMs ?? []);
  const again = flips.flatMap(({ answeredAgainAfterMs }) => answeredAgainAfterMs ?? []);
  return {
    findings: [latency(), inFlight()],
    readings: { ...readings },
    numbers: { flips: flips.length, ...spread('refused', refused), ...spread('answeredAgain', again) },
  };

  function latency(): RowFinding {
    const finding = (verdict: Verdict, text: string): RowFinding => ({ row: 'deny-latency', verdict, text });
    if (flips.length === 0) return finding('unsettled', 'no deny was tried');
    if (refused.length < flips.length) {
      const text = `${flips.length - refused.length} of ${flips.length} denies not in effect within ${seconds(waitMs)}`;
      return finding('otherwise', text);
    }
    const p95 = percentile(refused, 95);
    const open =
      again.length === 0 ? 'not answered again' : `answered again after at most ${seconds(percentile(again, 100))}`;
    const text = `calls of an open session refused after p50 ${seconds(percentile(refused, 50))}, p95 ${seconds(p95)} (${flips.length} denies), ${open}`;
    return finding(p95 <= assumedMs && again.length === flips.length ? 'shown' : 'otherwise', text);
  }

  function inFlight(): RowFinding {
    const row = 'stream';
    if (!stream) return { row, verdict: 'unsettled', text: 'none was in flight when the deny took effect' };
    const went = `went on for ${seconds(stream.wentOnMs)} after the first refused call, ${stream.parts} parts in all`;
    return stream.end === 'complete'
      ? { row, verdict: 'shown', text: `to its end: ${went}` }
      : { row, verdict: 'otherwise', text: `cut off: ${went} (${stream.why ?? 'without a word'})` };
  }
}
