/** Runs once after `ms`; the answer cancels it. What is in the `background` does not keep a process alive. */
export type After = (ms: number, run: () => void, kind?: 'background') => () => void;

/** Timers by name: setting one again moves it. */
export class Alarms<Name extends string> {
  private readonly cancels = new Map<Name, () => void>();

  constructor(private readonly after: After) {}

  isSet(name: Name): boolean {
    return this.cancels.has(name);
  }

  set(name: Name, ms: number, run: () => void): void {
    this.cancels.get(name)?.();
    const fire = () => {
      this.cancels.delete(name);
      run();
    };
    const cancel = this.after(ms, fire, 'background');
    this.cancels.set(name, cancel);
  }
}
