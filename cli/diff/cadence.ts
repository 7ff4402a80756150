/** Minutes in a unit of a `rate(…)`. */
const UNITS: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };
const MINUTES_A_DAY = 1440;

/**
 * How often a schedule runs, in runs a day.
 * @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
 * @returns undefined for one that runs once, or that is not read
 */
export function runsADay(expression: string): number | undefined {
  const [, value, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (value !== undefined) return MINUTES_A_DAY / (Number(value) * (UNITS[unit] ?? NaN));
  const [, fields] = /^cron\((.*)\)$/.exec(expression) ?? [];
  const parts = fields?.split(/\s+/) ?? [];
  const [minutes, hours, days, months, weekdays, years] = parts;
  if (parts.length !== 6 || years !== '*') return undefined;
  const counts = [
    matching(minutes, 60, 0),
    matching(hours, 24, 0),
    share(matching(days, 31, 1), 31),
    share(matching(months, 12, 1), 12),
    share(matching(weekdays, 7, 1), 7),
  ];
  return counts.includes(undefined) ? undefined : counts.reduce<number>((all, one) => all * (one ?? NaN), 1);
}

function share(count: number | undefined, of: number): number | undefined {
  return count === undefined ? undefined : count / of;
}

const NAMES = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');
const WEEKDAYS = 'SUN MON TUE WED THU FRI SAT'.split(' ');

/** How many values of a field a part of a cron expression names. */
function matching(field: string | undefined, size: number, first: number): number | undefined {
  if (field === undefined) return undefined;
  if (field === '*' || field === '?') return size;
  const named = new Set<number>();
  for (const part of field.split(',')) {
    const [, from = '', to, step] = /^(\*|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
    const start = from === '*' ? first : numberOf(from);
    const end = to !== undefined ? numberOf(to) : step !== undefined || from === '*' ? first + size - 1 : start;
    if (isNaN(start) || isNaN(end) || step === '0') return undefined;
    for (let value = start; value <= end; value += Number(step ?? 1)) named.add(value);
  }
  return named.size;
}

function numberOf(text: string): number {
  const at = [NAMES.indexOf(text.toUpperCase()), WEEKDAYS.indexOf(text.toUpperCase())].find((one) => one >= 0);
  return at === undefined ? Number(text) : at + 1;
}
