import { MINUTE_MS } from '../../core/calendar';
import { ServiceError } from '../../core/errors';
import { GATE_MS } from '../../core/meter';
import type { MeterState } from '../../core/decision';
import type { SpendMeterDeps } from './deps';
import type { SpendMeterEnv } from './env';

/** One cheap series a Region. Where one cannot be read nobody knows that nothing goes on. */
export async function readGate({ usage }: SpendMeterDeps, env: SpendMeterEnv, now: number) {
  try {
    const seen = await Promise.all(
      env.METER_REGIONS.map((region) => usage.lastActivity(region, now - GATE_MS, now + MINUTE_MS)),
    );
    const times = seen.filter((at) => at !== undefined);
    return times.length === 0 ? undefined : Math.max(...times);
  } catch (error) {
    if (error instanceof ServiceError) return 'failed';
    throw error;
  }
}

/** What is remembered of the gate, with what this tick has seen. */
export function gateOf(
  before: MeterState['gate'] | undefined,
  seen: number | undefined | 'failed',
): MeterState['gate'] {
  const lastActivityAt = Math.max(before?.lastActivityAt ?? 0, typeof seen === 'number' ? seen : 0);
  return {
    everShowedData: (before?.everShowedData ?? false) || typeof seen === 'number',
    ...(lastActivityAt > 0 && { lastActivityAt }),
  };
}
