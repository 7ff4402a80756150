import { after } from './after';
import { StreamCutOff } from './stream-cut-off';

/** How a stream came to its end: read to the end, left by its reader, failed, or never read within its time. */
export type StreamEnd = 'read' | 'left' | 'failed' | 'unread';

export interface StreamWatch<E> {
  /** Each event, before the reader has it. */
  see(event: E): void;
  /** Whether the source may end here. @throws the error that its reader gets instead of a quiet end */
  complete(): void;
  /** Exactly once, whatever happens. @param error what it failed by */
  ended(how: StreamEnd, error?: unknown): Promise<void>;
  /** Ends the connection: the SDK leaves it open when a reader breaks off (T3). */
  close(): void;
}

export interface StreamOptions {
  /** A reader who breaks off: `cancel` closes the connection, `drain` reads on for the exact usage, for at most so long. */
  readonly earlyExit: 'cancel' | { readonly drainMs: number };
  /** A stream without an event for so long is charged, and closed. */
  readonly deadlineMs: number;
}

/** A wrapper that nobody holds any more was never read to its end. */
const forgotten = new FinalizationRegistry<() => void>((finish) => finish());

/** The same events, one by one and no faster than they are read, with an end that is always told. */
export function meteredStream<E>(
  source: AsyncIterable<E>,
  watch: StreamWatch<E>,
  { earlyExit, deadlineMs }: StreamOptions,
): AsyncIterable<E> {
  let end: Promise<void> | undefined;
  let begun = false;
  let cut: StreamCutOff | undefined;
  let tellReader: ((error: StreamCutOff) => void) | undefined;
  const finish = (how: StreamEnd, error?: unknown): Promise<void> => {
    if (!end) {
      silence.stop();
      end = watch.ended(how, error);
      if (how !== 'read') watch.close();
    }
    return end;
  };
  const abandon = () => {
    if (end) return;
    cut = new StreamCutOff(
      `the guard closed this stream after ${deadlineMs} ms without an event (streamDeadlineMs); it is charged`,
      'guard',
    );
    void finish('unread').catch(() => {});
    tellReader?.(cut);
  };
  const silence = new Silence(deadlineMs, abandon);

  const leave = async (it: AsyncIterator<E>): Promise<void> => {
    if (earlyExit !== 'cancel' && (await drained(it, watch, earlyExit.drainMs))) return finish('read');
    return finish('left');
  };

  /** What was cut may never answer, or end as if it were complete. */
  const step = (it: AsyncIterator<E>): Promise<IteratorResult<E>> => {
    if (cut) return Promise.reject(cut);
    return new Promise((resolve, reject) => {
      tellReader = reject;
      it.next().then(resolve, reject);
    });
  };

  const metered: AsyncIterable<E> = {
    [Symbol.asyncIterator](): AsyncIterator<E> {
      const it = source[Symbol.asyncIterator]();
      begun = true;
      return {
        async next() {
          try {
            const found = await step(it);
            if (cut) throw cut;
            if (found.done !== true) {
              silence.heard();
              watch.see(found.value);
              return found;
            }
            // Whoever left, or was told of a failure, gets no other.
            if (!end) watch.complete();
            await finish('read');
            return found;
          } catch (error) {
            await finish('failed', error);
            throw error;
          }
        },
        async return(value?: unknown) {
          // Drained in the background: whoever breaks off has gone on already.
          if (end === undefined) void leave(it).catch(() => {});
          // What was closed under it may complain; whoever has left does not want to know.
          if (earlyExit === 'cancel') await it.return?.(value).catch(() => {});
          return { done: true, value: undefined };
        },
        async throw(error?: unknown) {
          await finish('left');
          if (it.throw) return it.throw(error);
          throw error;
        },
      };
    },
  };
  forgotten.register(metered, () => {
    if (!begun) abandon();
  });
  return metered;
}

/** Runs once after a time without events. An event costs a look at the clock, not a timer. */
class Silence {
  private last = performance.now();
  private cancel: () => void;

  constructor(
    private readonly ms: number,
    private readonly over: () => void,
  ) {
    this.cancel = after(ms, () => this.look(), 'background');
  }

  heard(): void {
    this.last = performance.now();
  }

  stop(): void {
    this.cancel();
  }

  private look(): void {
    const left = this.last + this.ms - performance.now();
    if (left <= 1) this.over();
    else this.cancel = after(left, () => this.look(), 'background');
  }
}

/** True where the source came to its own end within the time. */
async function drained<E>(it: AsyncIterator<E>, watch: StreamWatch<E>, ms: number): Promise<boolean> {
  const late = new Promise<'late'>((resolve) => void after(ms, () => resolve('late'), 'background'));
  try {
    for (;;) {
      const step = await Promise.race([it.next(), late]);
      if (step === 'late') return false;
      if (step.done === true) {
        watch.complete();
        return true;
      }
      watch.see(step.value);
    }
  } catch {
    return false;
  }
}
