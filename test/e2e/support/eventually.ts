import { setTimeout as sleep } from 'node:timers/promises';

const TRIES = 2_400;
const PAUSE_MS = 50;

/** Waits, two minutes at the most, for what goes on in the background; then asserts it. */
export async function eventually(look: () => Promise<unknown>, wanted: unknown): Promise<void> {
  for (let tries = 1; ; tries++) {
    const found = await look();
    try {
      expect(found).toEqual(wanted);
      return;
    } catch (error) {
      if (tries === TRIES) throw error;
    }
    await sleep(PAUSE_MS);
  }
}
