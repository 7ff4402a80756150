import { setTimeout as sleep } from 'node:timers/promises';

const TRIES = 600;
const PAUSE_MS = 50;

/** The last look: the first that is enough, or the one after half a minute. */
export async function until<T>(look: () => Promise<T>, isEnough: (found: T) => boolean): Promise<T> {
  for (let tries = 1; ; tries++) {
    const found = await look();
    if (isEnough(found) || tries === TRIES) return found;
    await sleep(PAUSE_MS);
  }
}
