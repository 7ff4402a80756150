import type { TickResult } from './handler';

type Look = (event: unknown) => Promise<TickResult>;

/** A first look that took longer leaves no time for a second: what the run has left by then must do for one. */
const SLOW_MS = 10_000;

/**
 * Looks a second time in the same run, where the first asks for it. The second is over before the run's time is, and the run before
 * the next tick: no more than one looks at a time. Whatever it misses the next tick sees.
 * @param clock of the machine, which waits; a look may go by another
 */
export function twice(
  look: Look,
  clock: { readonly now: () => number; readonly sleep: (ms: number) => Promise<unknown> },
): Look {
  return async (event) => {
    const began = clock.now();
    const first = await look(event);
    const took = clock.now() - began;
    if (first.kind !== 'done' || first.lookAgainInMs === undefined || took < 0 || took > SLOW_MS) return first;
    if (typeof event !== 'object' || event === null || hasClock(event)) return first;
    await clock.sleep(first.lookAgainInMs - took);
    return look({ ...event, again: true });
  };
}

/** A clock that an event sets stands still: nothing could have come by then. */
function hasClock(event: object): boolean {
  return 'now' in event;
}
