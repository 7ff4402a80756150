import { after } from './after';

/** How a stream came to its end: read to the end, left by its reader, failed, or never read within its time. */
export type StreamEnd = 'read' | 'left' | 'failed' | 'unread';

export interface StreamWatch<E> {
  /** Each event, before the reader has it. */
  see(event: E): void;
  /** Exactly once, whatever happens. */
  ended(how: StreamEnd): Promise<void>;
  /** Ends the connection: the SDK leaves it open when a reader breaks off (T3). */
  close(): void;
}

export interface StreamOptions {
  /** A reader who breaks off: `cancel` closes the connection, `drain` reads on for the exact usage, for at most so long. */
  readonly earlyExit: 'cancel' | { readonly drainMs: number };
  /** By then a stream that has not ended is charged. */
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
  let cancelDeadline = () => {};
  const finish = (how: StreamEnd): Promise<void> => {
    if (!end) {
      cancelDeadline();
      end = watch.ended(how);
      if (how !== 'read') watch.close();
    }
    return end;
  };
  const abandon = () => void finish('unread').catch(() => {});
  cancelDeadline = after(deadlineMs, abandon, 'background');

  const leave = async (it: AsyncIterator<E>): Promise<void> => {
    if (earlyExit !== 'cancel' && (await drained(it, watch, earlyExit.drainMs))) return finish('read');
    return finish('left');
  };

  const metered: AsyncIterable<E> = {
    [Symbol.asyncIterator](): AsyncIterator<E> {
      const it = source[Symbol.asyncIterator]();
      begun = true;
      return {
        async next() {
          try {
            const step = await it.next();
            if (step.done === true) await finish('read');
            else watch.see(step.value);
            return step;
          } catch (error) {
            await finish('failed');
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

/** True where the source came to its end within the time. */
async function drained<E>(it: AsyncIterator<E>, watch: StreamWatch<E>, ms: number): Promise<boolean> {
  const late = new Promise<'late'>((resolve) => void after(ms, () => resolve('late'), 'background'));
  try {
    for (;;) {
      const step = await Promise.race([it.next(), late]);
      if (step === 'late') return false;
      if (step.done === true) return true;
      watch.see(step.value);
    }
  } catch {
    return false;
  }
}
