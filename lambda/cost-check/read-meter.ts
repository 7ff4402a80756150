import type { DayReading, DayReadings } from '../../core/bill';
import { DAY_MS, dayStart, utcMonth, type UtcDay, type UtcMonth } from '../../core/calendar';
import { GuardError } from '../../core/errors';
import type { Reading } from '../../core/reading';
import { dailySpend, hourlyTokens, type MeterFinding } from '../../core/meter';
import type { MeterState, StoredCalibration } from '../../core/decision';
import type { Order } from '../../core/stop-lines';
import { mayCount, readHourly, resolveIds } from '../meter-usage';
import { asked } from './asked';
import type { CostCheckDeps } from './deps';
import type { CostCheckEnv } from './env';

export interface MeterReadings {
  readonly state: Reading<MeterState | undefined>;
  readonly order: Reading<Order | undefined>;
  readonly calibration: Reading<StoredCalibration | undefined>;
  /** The days to compare, as the meter counts them. */
  readonly days: DayReadings;
}

/** The meter's own item, what people have ordered, and its figures of some days; each may be unknown alone. */
export async function readMeter(
  deps: CostCheckDeps,
  env: CostCheckEnv,
  days: readonly UtcDay[],
  now: number,
): Promise<MeterReadings> {
  const months = [...new Set(days.map((day) => utcMonth(dayStart(day))))];
  const [state, order, calibration, ...byMonth] = await Promise.all([
    asked(() => deps.meter.latest(utcMonth(now))),
    asked(() => deps.meter.order()),
    asked(() => deps.meter.calibration()),
    ...months.map((month) => {
      const own = days.filter((day) => utcMonth(dayStart(day)) === month);
      return readDays(deps, env, month, own, now);
    }),
  ]);
  return { state, order, calibration, days: new Map(byMonth.flatMap((read) => [...read])) };
}

/**
 * Reads the days anew from CloudWatch, by the series that the meter has kept, which ListMetrics may have forgotten since. A day is
 * known only where the answer is complete and nothing had to be left out of it.
 */
async function readDays(
  deps: CostCheckDeps,
  env: CostCheckEnv,
  month: UtcMonth,
  days: readonly UtcDay[],
  now: number,
): Promise<DayReadings> {
  const read = await asked(async () => {
    const stored = await deps.meter.series(month);
    if (stored === undefined) return unknown(days, `it has kept no series of ${month}`);
    const ports = namingRegions(deps);
    const { usage: resolution } = await resolveIds(ports.profiles, env, stored.series, stored);
    const wanted = stored.series.filter((id) => mayCount(id, resolution));
    const starts = days.map(dayStart);
    const [from, to] = [Math.min(...starts), Math.max(...starts) + DAY_MS];
    const answer = await readHourly(ports.usage, env.METER_REGIONS, wanted, from, to);
    if (answer.kind === 'incomplete') return unknown(days, answer.why);
    const { usage, findings } = hourlyTokens(answer.series, month, now);
    const hidden = findings.find(hides);
    return hidden ? unknown(days, hidden.text) : known(dailySpend(usage, resolution, days));
  });
  return read.kind === 'known' ? read.value : unknown(days, read.why);
}

/** What has no price is missing from the meter's month too: that is drift. Tokens that were lost here may not be. */
function hides({ kind, understates }: MeterFinding): boolean {
  return understates && kind !== 'unpriced';
}

function known(spend: ReturnType<typeof dailySpend>): DayReadings {
  return new Map([...spend].map(([day, amounts]): [UtcDay, DayReading] => [day, { kind: 'known', amounts }]));
}

function unknown(days: readonly UtcDay[], why: string): DayReadings {
  return new Map(days.map((day): [UtcDay, DayReading] => [day, { kind: 'unavailable', why }]));
}

/** The ports of the days' figures, whose refusals name the Region that was asked. */
function namingRegions({ usage, profiles }: CostCheckDeps): Pick<CostCheckDeps, 'usage' | 'profiles'> {
  const naming = async <T>(region: string, ask: () => Promise<T>): Promise<T> => {
    const reading = await asked(ask);
    if (reading.kind === 'unavailable') throw new GuardError('REGION_UNAVAILABLE', `${region}: ${reading.why}`);
    return reading.value;
  };
  return {
    usage: { hourly: (region, ...rest) => naming(region, () => usage.hourly(region, ...rest)) },
    profiles: {
      list: (region) => naming(region, () => profiles.list(region)),
      environmentOf: (arn) => naming(arn.split(':')[3] ?? arn, () => profiles.environmentOf(arn)),
    },
  };
}
