/** Something that happens at a virtual time. A promise is awaited before anything else happens. */
export type Task = () => void | Promise<void>;

/**
 * Virtual time: a binary heap of tasks, in order of time and, at the same time, of their scheduling. Times, order and
 * tasks are kept in parallel arrays, so that a task which comes back every minute makes no garbage.
 */
export class Timeline {
  private current: number;
  private sequence = 0;
  private readonly times: number[] = [];
  private readonly orders: number[] = [];
  private readonly tasks: Task[] = [];

  constructor(startMs: number) {
    this.current = startMs;
  }

  get now(): number {
    return this.current;
  }

  /** @param atMs a time in the past happens now, after what is already due */
  at(atMs: number, task: Task): void {
    this.times.push(Math.max(atMs, this.current));
    this.orders.push(this.sequence++);
    this.tasks.push(task);
    this.raise(this.times.length - 1);
  }

  /** Plays everything before `endMs`; then it is `endMs`. */
  async runUntil(endMs: number): Promise<void> {
    while (this.times.length > 0 && this.times[0]! < endMs) {
      this.current = this.times[0]!;
      const done = this.takeFirst()();
      if (done) await done;
    }
    this.current = Math.max(this.current, endMs);
  }

  private takeFirst(): Task {
    const first = this.tasks[0]!;
    const last = this.times.length - 1;
    this.swap(0, last);
    this.times.pop();
    this.orders.pop();
    this.tasks.pop();
    if (last > 0) this.sink(0);
    return first;
  }

  private raise(start: number): void {
    for (let at = start; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.isBefore(at, parent)) return;
      this.swap(at, parent);
      at = parent;
    }
  }

  private sink(start: number): void {
    for (let at = start; ;) {
      let first = at;
      for (const child of [2 * at + 1, 2 * at + 2]) {
        if (child < this.times.length && this.isBefore(child, first)) first = child;
      }
      if (first === at) return;
      this.swap(at, first);
      at = first;
    }
  }

  private isBefore(a: number, b: number): boolean {
    const difference = this.times[a]! - this.times[b]!;
    return difference === 0 ? this.orders[a]! < this.orders[b]! : difference < 0;
  }

  private swap(a: number, b: number): void {
    [this.times[a], this.times[b]] = [this.times[b]!, this.times[a]!];
    [this.orders[a], this.orders[b]] = [this.orders[b]!, this.orders[a]!];
    [this.tasks[a], this.tasks[b]] = [this.tasks[b]!, this.tasks[a]!];
  }
}
