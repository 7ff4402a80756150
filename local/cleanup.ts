import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalError } from './errors';

const GIVE_UP_MS = 10_000;

/** What has to be undone, last thing first, however the work ends. */
export class Cleanup {
  private readonly steps: (() => Promise<void> | void)[] = [];
  private readonly ending = new AbortController();
  private running: Promise<void> | undefined;
  private work: Promise<unknown> = Promise.resolve();

  /** Aborted as soon as the end begins: whatever waits on it gives up. */
  get signal(): AbortSignal {
    return this.ending.signal;
  }

  /** Returns a function that takes the step back. A step that comes after the end has begun is run at once. */
  add(step: () => Promise<void> | void): () => void {
    if (this.running) void Promise.resolve(step());
    else this.steps.push(step);
    return () => {
      const index = this.steps.indexOf(step);
      if (index >= 0) this.steps.splice(index, 1);
    };
  }

  /** What gives up by the signal: waited for before anything is taken away from under it. */
  waitFor(work: Promise<unknown>): void {
    this.work = work.catch(() => undefined);
  }

  /** @throws INTERRUPTED once the end has begun */
  check(): void {
    if (this.signal.aborted) throw new LocalError('INTERRUPTED', 'interrupted');
  }

  /** Runs each step once, also when one of them fails; the same promise whoever asks. */
  run(): Promise<void> {
    this.ending.abort();
    this.running ??= this.undo();
    return this.running;
  }

  private async undo(): Promise<void> {
    await Promise.race([this.work, sleep(GIVE_UP_MS, undefined, { ref: false })]);
    // A step of the work that is under way may still add its own undoing.
    for (let step = this.steps.pop(); step; step = this.steps.pop()) {
      try {
        await step();
      } catch (error) {
        process.stderr.write(`cleaning up: ${error instanceof Error ? error.message : String(error)}\n`);
      }
    }
  }
}

export interface EndOptions {
  readonly maximumHours: number;
  /** Told once, before the cleaning up. */
  readonly onEnd: (why: string) => void;
}

const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
const PARENT_CHECK_MS = 500;
const HOUR_MS = 3_600_000;

/**
 * Ends this process, after cleaning up, on a signal, when its parent goes away, and after the maximum time.
 * @returns a function that takes these watches back
 */
export function endWith(cleanup: Cleanup, { maximumHours, onEnd }: EndOptions): () => void {
  const parent = process.ppid;
  let ended = false;
  const end = (why: string, exitCode: number) => {
    if (ended) return;
    ended = true;
    onEnd(why);
    void cleanup.run().then(() => process.exit(exitCode));
  };
  const handlers = Object.entries(SIGNALS).map(([name, exitCode]) => {
    const handler = () => end(name, exitCode);
    process.on(name, handler);
    return () => process.off(name, handler);
  });
  const watch = setInterval(() => {
    if (process.ppid !== parent) end('the parent process is gone', 1);
  }, PARENT_CHECK_MS);
  const deadline = setTimeout(() => end(`${maximumHours} h are over`, 0), maximumHours * HOUR_MS);
  return () => {
    for (const takeBack of handlers) takeBack();
    clearInterval(watch);
    clearTimeout(deadline);
  };
}

/** A child in a process group of its own: a Ctrl-C in the terminal reaches its parent only, which ends it in order. */
export function spawnGroup(command: string, args: readonly string[], options: SpawnOptions): ChildProcess {
  return spawn(command, [...args], { ...options, detached: true });
}

/** Ends the child and everything it started; resolves when the child is gone. */
export async function endGroup(child: ChildProcess, graceMs = 5_000): Promise<void> {
  if (child.pid === undefined) return;
  const group = child.pid;
  const gone =
    child.exitCode !== null || child.signalCode !== null
      ? Promise.resolve()
      : new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  kill(-group, 'SIGTERM');
  const hard = setTimeout(() => kill(-group, 'SIGKILL'), graceMs);
  await gone;
  clearTimeout(hard);
  // What the child started may have ignored it.
  kill(-group, 'SIGKILL');
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
