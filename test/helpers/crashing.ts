/** The process ends here: nothing after it runs, and nobody catches it. */
export class Crash extends Error {
  constructor(readonly window: string) {
    super(`crashed ${window}`);
    this.name = 'Crash';
  }
}

/** Ends the process before or after the nth write from when it was set. */
export class CrashPlan {
  /** Windows that were hit, such as `after saveBrake`, and how often. */
  readonly hit = new Map<string, number>();
  writes = 0;
  private at: number | undefined;
  private side: 'before' | 'after' = 'after';

  set(nth: number, side: 'before' | 'after'): void {
    this.at = this.writes + nth;
    this.side = side;
  }

  clear(): void {
    this.at = undefined;
  }

  /** Puts the plan around methods of a port, in place. */
  around<Port extends object>(port: Port, ...names: readonly (keyof Port & string)[]): void {
    for (const name of names) {
      const write = (port[name] as (...args: readonly unknown[]) => Promise<unknown>).bind(port);
      const crashing = async (...args: readonly unknown[]) => {
        const nth = ++this.writes;
        if (nth === this.at && this.side === 'before') this.crash(`before ${name}`);
        const answer = await write(...args);
        if (nth === this.at && this.side === 'after') this.crash(`after ${name}`);
        return answer;
      };
      Object.assign(port, { [name]: crashing });
    }
  }

  private crash(window: string): never {
    this.at = undefined;
    this.hit.set(window, (this.hit.get(window) ?? 0) + 1);
    throw new Crash(window);
  }
}
