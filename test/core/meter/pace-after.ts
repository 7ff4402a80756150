import { MINUTE_MS } from '../../../core/calendar';
import { pace, type PaceInput } from '../../../core/meter/pacing';
import { usd } from '../../../core/money';
import { known, LIMIT, NOON, THRESHOLDS, type Seen } from '../../helpers/meter-world';

export const ACTIVE = { everShowedData: true, lastActivityAt: NOON, failed: false };
export const IDLE = { everShowedData: true, lastActivityAt: NOON - 15 * MINUTE_MS, failed: false };
export const FORECAST_AT_20: PaceInput['thresholds'] = [{ atPercent: 20, effect: 'notify', basis: 'forecast' }];
export const NO_GATE = { everShowedData: false, failed: false };

export const LINES = {
  ...{ limit: LIMIT, thresholds: THRESHOLDS, stopAtPercent: 95 },
  ...{ dailyLimit: usd(40), hourlyBrake: usd(20) },
};

/** `minutes` after a full read that saw `seen`. */
export function after(minutes: number, seen: Seen, over: Partial<PaceInput> = {}) {
  const { read, reason } = paceAfter(minutes, seen, over);
  return `${read ? 'read' : 'wait'}: ${reason.kind}`;
}

export function paceAfter(minutes: number, seen: Seen, over: Partial<PaceInput>) {
  const lastFullRead = NOON - minutes * MINUTE_MS;
  return pace({
    now: NOON,
    lastFullRead,
    gate: ACTIVE,
    assessment: known(lastFullRead, seen),
    ...LINES,
    worstCaseRatePerMinute: usd('0.01'),
    metricDelayMinutes: 2,
    burnPrevious: usd(1),
    ...over,
  });
}
