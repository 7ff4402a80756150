const KEPT = 64;
const UNKNOWN_MS = 2000;

/** How long the last calls took, for what a soft refusal says about when to come back. */
export class CallTimes {
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
export class RecentSpend {
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
