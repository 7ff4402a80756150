import { previousMonth, utcMonth } from '../calendar';
import type { Reading } from '../reading';
import type { DesiredState } from '../stop-lines';
import type { ConcurrencyStatePort } from './ports';

/**
 * The meter's word for this month. Without any it is open, unless the month before ended otherwise: then the meter has
 * not come round yet, its denies still stand, and nothing is changed.
 */
export async function desiredState(
  { state }: { readonly state: ConcurrencyStatePort },
  nowMs: number,
): Promise<{ readonly desired: Reading<DesiredState>; readonly note?: string }> {
  const month = utcMonth(nowMs);
  const now = await reading(() => state.desired(month));
  if (now.kind === 'unavailable') return { desired: now };
  if (now.value !== undefined) return { desired: { kind: 'known', value: now.value } };
  const last = await reading(() => state.desired(previousMonth(month)));
  if (last.kind === 'unavailable') return { desired: last };
  if (last.value !== undefined && last.value !== 'open') {
    const why = `the meter has not evaluated ${month} yet, and the month before it ended ${last.value}`;
    return { desired: { kind: 'unavailable', why } };
  }
  return {
    desired: { kind: 'known', value: 'open' },
    note: `the meter has written nothing for ${month}: taken as open`,
  };
}

export function known<T>(value: T): Reading<T> {
  return { kind: 'known', value };
}

export function unavailable(why: string): { readonly kind: 'unavailable'; readonly why: string } {
  return { kind: 'unavailable', why };
}

/** Whatever goes wrong becomes data: one question fails alone. */
export async function reading<T>(read: () => Promise<T>): Promise<Reading<T>> {
  try {
    return known(await read());
  } catch (error) {
    return unavailable(textOf(error));
  }
}

export function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
