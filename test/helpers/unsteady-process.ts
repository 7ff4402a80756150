import type { VirtualTime } from './virtual-time';

/** A process that can stand still, die, and be wrong about the time. */
export class UnsteadyProcess {
  dead = false;
  pausedUntil = 0;

  constructor(
    private readonly time: VirtualTime,
    private readonly skewMs: number,
  ) {}

  now(): number {
    return this.time.now + this.skewMs;
  }

  after(ms: number, run: () => void): () => void {
    let cancel = () => {};
    const wake = () => {
      if (this.dead) return;
      if (this.time.now < this.pausedUntil) cancel = this.time.after(this.pausedUntil - this.time.now, wake);
      else run();
    };
    cancel = this.time.after(ms, wake);
    return () => cancel();
  }

  pause(ms: number): Promise<void> {
    return new Promise((resume) => {
      this.after(ms, resume);
    });
  }
}
