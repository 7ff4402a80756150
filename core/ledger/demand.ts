import { nanoUsd, ZERO, type NanoUsd } from '../money';

const KEPT = 64;
const UNKNOWN_MS = 2000;

/** How long the last calls took, for what a soft refusal says about when to come back. */
class CallTimes {
  private readonly times: number[] = [];
  private next = 0;

  add(ms: number): void {
    this.times[this.next] = ms;
    this.next = (this.next + 1) % KEPT;
  }

  /** The time that nine in ten take at most, as whole seconds, at least one. */
  seconds(): number {
    const sorted = this.times.toSorted((a, b) => a - b);
    const p90 = sorted[Math.ceil(sorted.length * 0.9) - 1] ?? UNKNOWN_MS;
    return Math.max(1, Math.ceil(p90 / 1000));
  }
}

const WINDOW_MS = 10_000;

/** What was spent in about the last ten seconds: a sum that fades. */
class RecentSpend {
  private sum = 0;
  private at = 0;

  add(spent: number, now: number): void {
    this.sum = this.value(now) + spent;
    this.at = now;
  }

  value(now: number): number {
    return this.sum * Math.exp(-Math.max(0, now - this.at) / WINDOW_MS);
  }
}

/** What callers have asked for and used of late: by it the next hold is sized, and a soft refusal says when to come back. */
export class Demand {
  private readonly callTimes = new CallTimes();
  private readonly spent = new RecentSpend();
  private readonly startedAt = new Map<string, number>();
  /** Fades, so that one large call does not size leases for ever. */
  private largestBound = ZERO;
  private askedAt = Number.NEGATIVE_INFINITY;

  get bound(): NanoUsd {
    return this.largestBound;
  }

  asked(bound: NanoUsd, now: number): void {
    this.askedAt = now;
    this.largestBound = nanoUsd(Math.max(bound, Math.floor(this.largestBound * 0.99)));
  }

  started(id: string, now: number): void {
    this.startedAt.set(id, now);
  }

  ended(id: string, spent: NanoUsd, now: number): void {
    this.callTimes.add(now - (this.startedAt.get(id) ?? now));
    this.startedAt.delete(id);
    this.spent.add(spent, now);
  }

  isIdle(afterMs: number, now: number): boolean {
    return now - this.askedAt > afterMs;
  }

  /** In about the last ten seconds. */
  recentSpend(now: number): number {
    return this.spent.value(now);
  }

  /** The time that nine calls in ten take at most. */
  callSeconds(): number {
    return this.callTimes.seconds();
  }
}
