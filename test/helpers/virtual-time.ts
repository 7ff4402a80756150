import { setImmediate } from 'node:timers/promises';

interface Event {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** Time that passes only from one event to the next; what events start is done before the next one happens. */
export class VirtualTime {
  private readonly events: Event[] = [];
  private count = 0;

  constructor(public now: number) {}

  after(ms: number, run: () => void): () => void {
    const event: Event = { at: this.now + Math.max(0, ms), order: this.count++, run, cancelled: false };
    this.insert(event);
    return () => {
      event.cancelled = true;
    };
  }

  pause(ms: number): Promise<void> {
    return new Promise((resume) => {
      this.after(ms, resume);
    });
  }

  async runUntil(end: number, afterEach: () => void = () => {}): Promise<void> {
    for (;;) {
      await setImmediate();
      afterEach();
      while (this.events[0]?.cancelled) this.removeFirst();
      const next = this.events[0];
      if (!next || next.at > end) break;
      this.removeFirst();
      this.now = next.at;
      next.run();
    }
    this.now = end;
  }

  /** A binary heap: runs have hundreds of thousands of events. */
  private insert(event: Event): void {
    const { events } = this;
    let index = events.push(event) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (before(events[parent]!, event)) break;
      events[index] = events[parent]!;
      index = parent;
    }
    events[index] = event;
  }

  private removeFirst(): void {
    const { events } = this;
    const last = events.pop()!;
    if (events.length === 0) return;
    let index = 0;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= events.length) break;
      if (child + 1 < events.length && before(events[child + 1]!, events[child]!)) child += 1;
      if (before(last, events[child]!)) break;
      events[index] = events[child]!;
      index = child;
    }
    events[index] = last;
  }
}

function before(a: Event, b: Event): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
