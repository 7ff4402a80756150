interface Flush {
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** Those who wait until all that was said before is stored. */
export class Flushes {
  private waiting: Flush[] = [];

  get length(): number {
    return this.waiting.length;
  }

  wait(): Promise<void> {
    return new Promise((done, failed) => void this.waiting.push({ done, failed }));
  }

  /** The first `count` that came. */
  done(count: number): void {
    for (const { done } of this.waiting.splice(0, count)) done();
  }

  fail(error: unknown): void {
    for (const { failed } of this.waiting.splice(0)) failed(error);
  }
}
