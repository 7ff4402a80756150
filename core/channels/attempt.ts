import { MINUTE_MS } from '../calendar';
import type { Notice } from '../notice';

/** Longer than a message can take, whatever does not answer. */
export const CLAIM_MS = 2 * MINUTE_MS;

export interface Waiting {
  readonly notice: Notice;
  readonly acceptedAt: number;
}

/** A message that somebody began to send. */
export interface Attempt extends Waiting {
  /** Of who began it: only they may say how it ended. */
  readonly id: string;
  /** 0: it has ended. In the past: whoever sent it died, and nobody knows whether it went out. */
  readonly claimedUntil: number;
  readonly tries: number;
  /** An earlier try may have come through. */
  readonly isDoubtful: boolean;
  readonly notBefore: number;
  /** The channel's service did not take it, as it was written. */
  readonly isRefused: boolean;
  /** Where it is sent, by `placeOf`. Absent: an earlier release began it. */
  readonly place?: string;
}

/** The last state that the channel was told of, or is done with. */
export interface Told {
  readonly status: Notice['status'];
  readonly at: number;
  /** Absent: an earlier release wrote it, or nothing of it stands anywhere. */
  readonly title?: string;
  /** A `Call`, where the channel can change or resolve it. */
  readonly ref?: string;
  /** Where, by `placeOf`. Absent: as with the title. */
  readonly place?: string;
}

/** What was last told as firing where the channel is no more: its end is not told there. */
export interface Left {
  readonly title: string;
  readonly at: number;
  /** Nobody knows whether it came through. */
  readonly isDoubtful: boolean;
}

/** A claim that ends later than any run could was made by a clock that ran ahead: it does not count. */
export function isClaimed({ claimedUntil }: Attempt, now: number): boolean {
  return claimedUntil > now && claimedUntil <= now + CLAIM_MS;
}

/** Of one that nobody sends now: whether it is at the channel may be unknown. */
export function mayHaveCome({ isDoubtful, claimedUntil }: Attempt): boolean {
  return isDoubtful || claimedUntil > 0;
}
