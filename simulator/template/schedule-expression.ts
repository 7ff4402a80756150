import { DateTime, IANAZone } from 'luxon';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/calendar';
import { GuardError } from '../../core/errors';

/** EventBridge Scheduler's rate() and cron(), https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html */
export type ScheduleExpression =
  | { readonly kind: 'rate'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly fields: CronFields; readonly timeZone: string };

/** The values at which each field matches. `dayOfWeek` is AWS's: 1 is Sunday. */
export interface CronFields {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly daysOfMonth: ReadonlySet<number>;
  readonly months: ReadonlySet<number>;
  readonly daysOfWeek: ReadonlySet<number>;
  readonly years: ReadonlySet<number>;
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC'];
const WEEKDAYS = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const UNITS: Readonly<Record<string, number>> = { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS };

/** @throws GuardError TEMPLATE_UNSUPPORTED on anything but rate(), and cron() without L, W and # */
export function parseSchedule(expression: string, timeZone = 'UTC'): ScheduleExpression {
  const rate = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression);
  if (rate) {
    const everyMs = Number(rate[1]) * UNITS[rate[2]!]!;
    if (everyMs > 0) return { kind: 'rate', everyMs };
  }
  const cron = /^cron\(([^()]+)\)$/.exec(expression);
  if (!cron) throw unsupported(expression, 'not a rate(<n> minutes|hours|days) or cron(…)');
  if (!IANAZone.isValidZone(timeZone)) throw unsupported(expression, `unknown time zone '${timeZone}'`);
  const parts = cron[1]!.trim().split(/\s+/);
  if (parts.length !== 6) throw unsupported(expression, `six fields expected, got ${parts.length}`);
  const field = (at: number, least: number, most: number, names: readonly string[] = []) =>
    parseField(expression, parts[at]!, least, most, names);
  const fields = {
    minutes: field(0, 0, 59),
    hours: field(1, 0, 23),
    daysOfMonth: field(2, 1, 31),
    months: field(3, 1, 12, MONTHS),
    daysOfWeek: field(4, 1, 7, WEEKDAYS),
    years: field(5, 1970, 2199),
  };
  return { kind: 'cron', fields, timeZone };
}

function parseField(
  expression: string,
  text: string,
  least: number,
  most: number,
  names: readonly string[],
): Set<number> {
  const values = new Set<number>();
  const valueOf = (name: string): number => {
    const named = names.indexOf(name.toUpperCase());
    const value = named >= 0 ? named + 1 : /^\d+$/.test(name) ? Number(name) : Number.NaN;
    if (!(value >= least && value <= most))
      throw unsupported(expression, `'${text}' is not within ${least} to ${most}`);
    return value;
  };
  for (const part of text.split(',')) {
    const [range = '', step] = part.split('/');
    const [from = '', to] = range.split('-');
    const any = range === '*' || range === '?';
    const first = any ? least : valueOf(from);
    const last = any || (to === undefined && step !== undefined) ? most : valueOf(to ?? from);
    const stride = step === undefined ? 1 : Number(step);
    if (!Number.isInteger(stride) || stride < 1) throw unsupported(expression, `'${text}' has no whole step`);
    for (let value = first; value <= last; value += stride) values.add(value);
  }
  return values;
}

/**
 * When a schedule fires within [fromMs, toMs), ascending. A local time that a clock change skips does not fire, one that
 * it repeats fires once: Scheduler's documented behaviour.
 */
export function fireTimes(schedule: ScheduleExpression, fromMs: number, toMs: number): Float64Array {
  if (schedule.kind === 'rate') {
    // Counted from the start of the run: when a stack was deployed, and so a rate's first run, is not in its template.
    return Float64Array.from(
      { length: Math.ceil((toMs - fromMs) / schedule.everyMs) },
      (_, at) => fromMs + at * schedule.everyMs,
    );
  }
  const times: number[] = [];
  const { fields, timeZone } = schedule;
  const last = DateTime.fromMillis(toMs, { zone: timeZone }).startOf('day').plus({ days: 1 });
  const first = DateTime.fromMillis(fromMs, { zone: timeZone }).startOf('day');
  // A day among its neighbours: what a zone's clocks are ahead is asked once for each, and not again for each time of day.
  let around = [first.minus({ days: 1 }), first, first.plus({ days: 1 })] as const;
  for (let day = first; day <= last; day = around[1]) {
    const [before, , next] = around;
    const afterNext = next.plus({ days: 1 });
    around = [day, next, afterNext];
    const isPlain = [before, next, afterNext].every(({ offset }) => offset === day.offset);
    const weekday = (day.weekday % 7) + 1;
    const matches =
      fields.years.has(day.year) &&
      fields.months.has(day.month) &&
      fields.daysOfMonth.has(day.day) &&
      fields.daysOfWeek.has(weekday);
    if (!matches) continue;
    for (const hour of fields.hours) {
      for (const minute of fields.minutes) {
        const at = isPlain ? plainTime(day, hour, minute) : localTime(day, hour, minute);
        if (at !== undefined && at >= fromMs && at < toMs) times.push(at);
      }
    }
  }
  return Float64Array.from(times).sort();
}

/** Of a day about which the clocks do not change. */
function plainTime({ year, month, day, offset }: DateTime, hour: number, minute: number): number {
  return Date.UTC(year, month - 1, day, hour, minute) - offset * MINUTE_MS;
}

/** `undefined` where the clock jumps over it; the first of two where it is turned back. */
function localTime(day: DateTime, hour: number, minute: number): number | undefined {
  const at = day.set({ hour, minute });
  if (at.hour !== hour || at.minute !== minute) return undefined;
  return Math.min(...at.getPossibleOffsets().map((one) => one.toMillis()));
}

function unsupported(expression: string, why: string): GuardError {
  return new GuardError('TEMPLATE_UNSUPPORTED', `the simulator cannot play the schedule '${expression}': ${why}`);
}
