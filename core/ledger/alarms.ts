/** Runs once after `ms`; the answer cancels it. */
export type After = (ms: number, run: () => void) => () => void;

/** Timers by name: setting one again moves it. */
export class Alarms<Name extends string> {
  private readonly cancels = new Map<Name, () => void>();

  constructor(private readonly after: After) {}

  isSet(name: Name): boolean {
    return this.cancels.has(name);
  }

  set(name: Name, ms: number, run: () => void): void {
    this.cancels.get(name)?.();
    const cancel = this.after(ms, () => {
      this.cancels.delete(name);
      run();
    });
    this.cancels.set(name, cancel);
  }
}
