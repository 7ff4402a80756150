import { BUDGETS_LAG_MS, billedLongAgo } from '../../../core/bill/bill';
import { DAY_MS, HOUR_MS, MINUTE_MS, type UtcDay } from '../../../core/calendar';
import { serviceBudgetLine, tagBudgetLine, type BudgetCheck } from '../../../core/report/lines';
import { nanoUsd, parseDecimal, usd, type NanoUsd } from '../../../core/money';
import type { BudgetReading } from '../../../core/bill/ports';

const NOW = Date.parse('2026-11-23T11:00:00Z');
const TAG = { key: 'spend-guard:models', value: 'dev' };
const ACTIVE = { kind: 'known', state: 'active' } as const;

function reading(
  spent: string | undefined,
  more: Partial<Extract<BudgetReading, { kind: 'known' }>> = {},
): BudgetReading {
  return {
    ...{ kind: 'known', currency: 'USD', changedAtMs: NOW - 30 * DAY_MS, services: ['Amazon Bedrock'] },
    ...(spent === undefined ? {} : { spent: parseDecimal(spent) }),
    ...more,
  };
}

const against = (billed: NanoUsd | undefined): BudgetCheck => ({ billed, now: NOW });
const byTag = (budget: BudgetReading, check: BudgetCheck) => tagBudgetLine(budget, ACTIVE, TAG, check);
const byName = (
  budget: BudgetReading,
  check: BudgetCheck,
  billed: readonly string[] | undefined = ['Amazon Bedrock'],
) => serviceBudgetLine('account-wide budget', budget, billed, check);

describe.each([
  ['trap 49: by tag', byTag],
  ['trap 1: by names of services', byName],
] as const)('%s', (_what, line) => {
  test.each([
    [usd(1) - 1, 'armed'],
    [usd(1), 'armed'],
    [usd(1) + 1, 'blind'],
  ])('$0 beside %i nano-dollars of the bill: %s', (billed, state) => {
    expect(line(reading('0.0'), against(nanoUsd(billed)))).toMatchObject({ state });
  });

  test.each([
    [BUDGETS_LAG_MS - MINUTE_MS, 'armed'],
    [BUDGETS_LAG_MS, 'blind'],
    [BUDGETS_LAG_MS + MINUTE_MS, 'blind'],
  ])('trap 10: %i ms after the budget was made or changed: %s', (age, state) => {
    expect(line(reading('0', { changedAtMs: NOW - age }), against(usd(100)))).toMatchObject({ state });
  });

  test('whatever has been counted shows that it counts', () => {
    expect(line(reading('0.0000000001'), against(usd(100)))).toMatchObject({ state: 'armed' });
  });

  test.each([
    ['what AWS Budgets has counted', reading(undefined), against(usd(100)), /calculated nothing/],
    ['the bill', reading('0'), against(undefined), /bill could not be read/],
    ['since when it counts', { ...reading('0'), changedAtMs: undefined } as never, against(usd(100)), /since when/],
    ['the budget', { kind: 'unavailable', why: 'slow down' }, against(usd(100)), /slow down/],
  ] as const)('%s is unknown: so is the line, neither blind nor armed', (_unknown, budget, check, why) => {
    expect(line(budget, check)).toMatchObject({ state: 'unknown', why: expect.stringMatching(why) });
  });
});

test('trap 49: the text names both amounts, both forms of the key, and where to look', () => {
  const { why } = byTag(reading('0'), against(usd('12.34')));
  for (const part of [
    '$0 ',
    '$12.34',
    'spend-guard:models=dev',
    'user:spend-guard:models',
    'console',
    'lib/budget.ts',
  ]) {
    expect(why).toContain(part);
  }
});

test.each([
  [{ kind: 'known', state: 'inactive' } as const, /not active/],
  [{ kind: 'known', state: 'unseen' } as const, /not known yet/],
])('trap 25: %j is its own reason, before the amounts', (status, why) => {
  expect(tagBudgetLine(reading('0'), status, TAG, against(usd(100)))).toMatchObject({
    state: 'blind',
    why: expect.stringMatching(why),
  });
});

test('who may not list tags still learns from the amounts that the budget is blind', () => {
  const refused = { kind: 'unavailable', why: 'refused' } as const;
  expect(tagBudgetLine(reading('0'), refused, TAG, against(usd(100)))).toMatchObject({ state: 'blind' });
  expect(tagBudgetLine(reading('5'), refused, TAG, against(usd(100)))).toMatchObject({ state: 'unknown' });
});

test('trap 1: a budget that counts $0 names what it lacks; without a lack, where to compare', () => {
  const billed = ['Claude Opus 9 (Amazon Bedrock Edition)'];
  expect(byName(reading('0'), against(usd(2)), billed).why).toMatch(/\$0 .* \$2\.00 .*does not count "Claude Opus 9/);
  expect(byName(reading('0'), against(usd(2))).why).toMatch(/config\/bedrock-services\.ts/);
});

test('a budget whose filter AWS does not show is unknown, not armed', () => {
  const { services: _hidden, ...hidden } = reading('5') as Extract<BudgetReading, { kind: 'known' }>;
  expect(byName(hidden, against(usd(5)))).toMatchObject({ state: 'unknown', why: expect.stringMatching(/filters on/) });
});

describe('what AWS Budgets must know by now', () => {
  const day = (name: string) => name as UtcDay;
  const first = Date.parse('2026-11-01T00:00:00Z');
  const byDay = new Map([
    [day('2026-10-31'), usd(900)],
    [day('2026-11-01'), usd(3)],
    [day('2026-11-02'), usd(40)],
  ]);
  test.each([
    ['the month is 47 h 59 old', 48 * HOUR_MS - MINUTE_MS, 0],
    ['48 h', 48 * HOUR_MS, usd(3)],
    ['71 h 59', 72 * HOUR_MS - MINUTE_MS, usd(3)],
    ['72 h', 72 * HOUR_MS, usd(43)],
  ])('%s: the days of this month that began two days ago', (_age, age, billed) => {
    expect(billedLongAgo(byDay, first + age)).toBe(billed);
  });
});
