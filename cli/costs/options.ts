import { monthStart, utcMonth, type UtcMonth } from '../../core/calendar';
import { BILL_DIVISIONS, CALLER_DIVISIONS } from '../../core/spenders';
import { UsageError } from '../errors';

export interface CostsByOptions {
  readonly env?: string | undefined;
  readonly config?: string | undefined;
  readonly by?: string | undefined;
  readonly month?: string | undefined;
  readonly csv?: true | undefined;
  readonly focus?: true | undefined;
  readonly billingAccount?: string | undefined;
  readonly json?: true | undefined;
  readonly mail?: true | undefined;
}

export const DIVISIONS = [...CALLER_DIVISIONS, 'tag', ...BILL_DIVISIONS, 'budget'] as const;
export type Division = (typeof DIVISIONS)[number];

/** @throws UsageError where an option of `--by` would do nothing */
export function refuseWithoutBy({ csv, focus, month, billingAccount }: CostsByOptions): void {
  const idle = [
    csv && '--csv',
    focus && '--focus',
    month !== undefined && `--month ${month}`,
    billingAccount !== undefined && `--billing-account ${billingAccount}`,
  ].find((one) => typeof one === 'string');
  if (idle === undefined) return;
  throw new UsageError(
    `costs: ${idle} is of --by, and does nothing without it; add --by budget (or ${allBut('budget')}), or leave it out`,
  );
}

/** @throws UsageError */
export function divisionOf({ by, mail, csv, focus, json, billingAccount }: CostsByOptions): Division {
  const division = DIVISIONS.find((one) => one === by);
  if (division === undefined) throw new UsageError(`costs: --by ${by}: allowed: ${DIVISIONS.join(', ')}`);
  if (mail) {
    throw new UsageError(`costs: --mail sends the report, and --by ${division} makes none; leave one of them out`);
  }
  const forms = [csv && '--csv', focus && '--focus', json && '--json'].filter((one) => typeof one === 'string');
  if (forms.length > 1) {
    throw new UsageError(
      `costs: ${forms.slice(0, -1).join(', ')} and ${forms.at(-1)} are ${forms.length === 2 ? 'two' : 'three'} forms of one answer; leave all but one out`,
    );
  }
  if (billingAccount !== undefined && !focus) {
    throw new UsageError(
      `costs: --billing-account ${billingAccount} is of --focus, and does nothing without it; add --focus, or leave it out`,
    );
  }
  if (billingAccount !== undefined && !/^\d{12}$/.test(billingAccount)) {
    throw new UsageError(
      `costs: --billing-account ${billingAccount}: not an account; allowed: the 12 digits of the account that pays`,
    );
  }
  return division;
}

/** @throws UsageError */
export function monthOf(text: string | undefined, now: number): UtcMonth {
  const running = utcMonth(now);
  if (text === undefined) return running;
  const isMonth = /^20\d\d-(0[1-9]|1[0-2])$/.test(text);
  if (isMonth && monthStart(text as UtcMonth) <= now) return text as UtcMonth;
  throw new UsageError(
    `costs: --month ${text}: ${isMonth ? 'it has not begun' : 'not a month'}; allowed: YYYY-MM up to the running one of UTC, such as ${running}`,
  );
}

function allBut(division: Division): string {
  return DIVISIONS.filter((one) => one !== division).join(', ');
}
