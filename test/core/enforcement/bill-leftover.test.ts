import { billLeftover, type BillLeftoverInput } from '../../../core/enforcement/bill-leftover';
import { usd } from '../../../core/money';
import type { BudgetActionStatus } from '../../../core/bill/ports';

const HOLDERS = [{ kind: 'role', name: 'app' }] as const;
const input: BillLeftoverInput = {
  holders: HOLDERS,
  action: { kind: 'known', status: 'STANDBY' },
  line: usd(95),
  meter: usd(20),
  calibration: 1,
};
const left = (more: Partial<BillLeftoverInput> = {}) => billLeftover({ ...input, ...more });

test('deny-bill on somebody while no action is executed is told, and lifted where spend is under the line', () => {
  expect(left()).toEqual({ holders: HOLDERS, lift: true });
});

test.each([
  [usd('94.999999999'), 1, true],
  [usd(95), 1, false],
  [usd('95.000000001'), 1, false],
  // What the bill has shown to be more than the meter's figure counts with it.
  [usd('47.499999999'), 2, true],
  [usd('47.5'), 2, false],
  [usd(0), 1, true],
])('spend of %s, times %s: lifted %s', (meter, calibration, lift) => {
  expect(left({ meter, calibration })?.lift).toBe(lift);
});

test('where the meter does not see, nothing is lifted, and it is told all the same', () => {
  const { meter: _, ...blind } = input;
  expect(billLeftover(blind)).toEqual({ holders: HOLDERS, lift: false });
});

test('nobody has it: nothing is left over', () => {
  expect(left({ holders: [] })).toBeUndefined();
});

test('nobody can say what the action does: it may be its own', () => {
  expect(left({ action: { kind: 'unavailable', why: 'down' } })).toBeUndefined();
});

test('the action is gone, or there is none in the configuration: nobody would take it off', () => {
  expect(left({ action: { kind: 'missing' } })).toEqual({ holders: HOLDERS, lift: true });
});

/** https://docs.aws.amazon.com/aws-cost-management/latest/APIReference/API_budgets_Action.html (2026-11) */
const STATUSES: Readonly<Record<BudgetActionStatus, boolean>> = {
  STANDBY: true,
  PENDING: true,
  EXECUTION_IN_PROGRESS: false,
  EXECUTION_SUCCESS: false,
  EXECUTION_FAILURE: false,
  REVERSE_IN_PROGRESS: false,
  REVERSE_SUCCESS: true,
  REVERSE_FAILURE: false,
  RESET_IN_PROGRESS: false,
  RESET_FAILURE: false,
};

test.each(Object.entries(STATUSES))('%s: left over %s', (status, isLeft) => {
  expect(left({ action: { kind: 'known', status: status as BudgetActionStatus } }) !== undefined).toBe(isLeft);
});
