import { DAY_MS, HOUR_MS, monthStart, previousMonth, utcDay, utcMonth } from '../../../core/calendar';
import type { BillLine } from '../../../local/control';

/** Last month, by a clock that stands at noon of its fourth day: three of its days are over, whatever day it is today. */
export const MONTH = previousMonth(utcMonth(Date.now()));
export const MONTH_START = monthStart(MONTH);
export const NOON = MONTH_START + 3 * DAY_MS + 12 * HOUR_MS;

const dayOf = (daysBefore: number) => utcDay(NOON - daysBefore * DAY_MS);
/** The last day whose bill is whole. */
export const MOVED = dayOf(2);

/** What each of the ten days before is billed, in dollars that a computer's fractions hold exactly. */
export function billOf(environment: string): readonly BillLine[] {
  const common = { tag: environment, service: 'Amazon Bedrock' };
  return Array.from({ length: 10 }, (_, at) => dayOf(at + 1)).flatMap((day) => [
    { ...common, day, principalTag: 'search', usageType: 'USE1-NovaPro-output-tokens', usd: day === MOVED ? 2.5 : 0.5 },
    { ...common, day, principalTag: 'chat', usageType: 'USE1-NovaLite-output-tokens', usd: 0.25 },
    { ...common, day, usageType: 'USE1-NovaLite-input-tokens', usd: 0.25 },
  ]);
}
