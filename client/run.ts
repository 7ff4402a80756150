import { add, formatUsd, nanoUsd, subtract, usd, ZERO, type NanoUsd } from '../core/money';
import type { BudgetPath } from '../core/shared-budgets';
import { throwIfAborted } from './abort';
import { after } from './after';
import { once, type Held } from './budget';
import { SpendGuardRefused } from './refusal';

export interface RunOptions {
  /** What the calls of the run may cost together, in dollars. More than 0. */
  readonly limitUsd: number;
  /**
   * What its calls are charged to.
   * @default that of the guard, or of the run that this one is within
   */
  readonly budget?: BudgetPath;
}

/** Between looks for room that the run's own calls in flight give back. */
const LOOK_EVERY_MS = 200;

export interface Waiting {
  readonly now: () => number;
  /** For how long a call waits for room where only calls in flight are in its way. */
  readonly waitMs: number;
}

/**
 * What the calls of one run may cost together, counted in this process alone. What a call may cost at most is taken before the
 * ledger is asked, from this run and all that it is within, and what it did not use is had again.
 */
export class RunCap {
  /** From the outermost on; itself is the last. */
  private readonly line: readonly RunCap[];
  private used: NanoUsd = ZERO;
  private held: NanoUsd = ZERO;
  private closed = false;

  constructor(
    private readonly limit: NanoUsd,
    private readonly waiting: Waiting,
    outer?: RunCap,
  ) {
    this.line = [...(outer?.line ?? []), this];
  }

  get spent(): NanoUsd {
    return this.used;
  }

  /** What can be reserved now, in this run and all that it is within. */
  get remaining(): NanoUsd {
    return nanoUsd(Math.max(0, Math.min(...this.line.map((run) => run.room))));
  }

  /** It, or one that it is within, makes no more calls. */
  get isClosed(): boolean {
    return this.line.some(({ closed }) => closed);
  }

  isWithin(other: RunCap): boolean {
    return this.line.includes(other);
  }

  close(): void {
    this.closed = true;
  }

  /** @throws SpendGuardRefused, before `reserve` is asked or by it; AbortError */
  async reserve(amount: NanoUsd, signal: AbortSignal | undefined, reserve: () => Promise<Held>): Promise<Held> {
    await this.take(amount, signal);
    try {
      const held = await reserve();
      return once(held.amount, (spent, unsettled) => {
        this.settle(amount, spent);
        return held.settle(spent, unsettled);
      });
    } catch (error) {
      this.settle(amount, ZERO);
      throw error;
    }
  }

  private get room(): NanoUsd {
    return nanoUsd(this.limit - this.used - this.held);
  }

  /** Nothing is awaited between the look and the taking: of calls made at once each sees what those before it took. */
  private async take(amount: NanoUsd, signal: AbortSignal | undefined): Promise<void> {
    const { now, waitMs } = this.waiting;
    const from = now();
    for (;;) {
      throwIfAborted(signal);
      const full = this.full(amount);
      if (!full) break;
      if (full.isSpentFor(amount) || now() - from + LOOK_EVERY_MS > waitMs) throw this.refusal(full, amount);
      await new Promise<void>((resolve) => void after(LOOK_EVERY_MS, resolve));
    }
    for (const run of this.line) run.held = add(run.held, amount);
  }

  /** Which has no room, one that will have none again before one whose calls in flight may leave some. */
  private full(amount: NanoUsd): RunCap | undefined {
    return this.line.find((run) => run.isSpentFor(amount)) ?? this.line.find((run) => amount > run.room);
  }

  private isSpentFor(amount: NanoUsd): boolean {
    return this.closed || add(this.used, amount) > this.limit;
  }

  private settle(amount: NanoUsd, spent: NanoUsd): void {
    for (const run of this.line) {
      run.held = subtract(run.held, amount);
      run.used = add(run.used, spent);
    }
  }

  private refusal(full: RunCap, amount: NanoUsd): SpendGuardRefused {
    const which = full === this ? 'this run' : 'a run that this one is within';
    if (full.closed) {
      return new SpendGuardRefused({
        code: 'RUN_EXHAUSTED',
        message: `${which} is closed: begin another (guard.run).`,
      });
    }
    const room = formatUsd(nanoUsd(Math.max(0, full.room)));
    const has = `this call may cost up to ${formatUsd(amount)}; ${which} has ${room}`;
    const limit = `of ${formatUsd(full.limit)} (limitUsd)`;
    if (full.isSpentFor(amount)) {
      const message = `${has} left ${limit}. Ask for fewer tokens, or begin a run with a higher limit.`;
      return new SpendGuardRefused({ code: 'RUN_EXHAUSTED', message });
    }
    return new SpendGuardRefused({
      code: 'RUN_EXHAUSTED',
      message: `${has} free ${limit} while its calls in flight hold the rest. Try again, or ask for fewer tokens.`,
      retryAfterSeconds: 1,
    });
  }
}

/** @throws TypeError on what is no amount of dollars above 0 */
export function runLimit(limitUsd: unknown): NanoUsd {
  try {
    if (typeof limitUsd === 'number' && limitUsd > 0) return usd(limitUsd);
  } catch {
    // Infinite, or beyond what money can be: told as any other.
  }
  throw new TypeError(`limitUsd: must be a number of dollars above 0, such as 5, got ${String(limitUsd)}`);
}
