import { DAY_MS, utcMonth } from '../../core/calendar';
import type { MeterState } from '../../core/decision/meter-state';
import { known, quiet } from './meter-world';

/** A meter that has just run, has seen $3 and holds nobody. */
export function quietMeter(now: number, over: Partial<MeterState> = {}): MeterState {
  return {
    schemaVersion: 1,
    month: utcMonth(now),
    revision: 1,
    desired: 'open',
    installedAt: now - 30 * DAY_MS,
    decision: quiet(now),
    reading: { at: now, known: known(now, { spend: 3, today: '0.5' }) },
    gate: { everShowedData: true },
    claimedUntil: 0,
    outbox: [],
    enforcement: { pagedOpen: [] },
    bill: {},
    ...over,
  };
}
