import type { UtcDay, UtcMonth } from '../../../core/calendar';
import { assess } from '../../../core/meter/assess';
import type { KnownAssessment, MeterFinding, MeterMemory, MeterReading } from '../../../core/meter/types';
import { ZERO } from '../../../core/money';
import { at, USAGE } from '../../helpers/meter-world';

export const NOW = at('2026-11-10T12:30');
export const M = 1_000_000;

export function knownOf(
  from: MeterReading,
  previous?: MeterMemory,
  now = NOW,
  usage = USAGE,
  found?: readonly MeterFinding[],
): KnownAssessment {
  const result = assess(from, usage, previous, now, found);
  if (result.kind === 'unknown') throw new Error(result.why);
  return result;
}

export const memory = (over: Partial<MeterMemory> & Pick<MeterMemory, 'monthToDate'>): MeterMemory => ({
  month: '2026-11' as UtcMonth,
  at: NOW - 60_000,
  day: '2026-11-10' as UtcDay,
  today: ZERO,
  ring: [],
  ...over,
});
