import { utcMonth } from '../../../core/calendar';
import { planBillAction, type BillActionInput } from '../../../core/enforcement/bill-action';
import { usd, type NanoUsd } from '../../../core/money';
import type { BudgetActionStatus } from '../../../core/bill/ports';

const NOVEMBER = utcMonth(Date.parse('2026-11-20T00:00:00Z'));
const DECEMBER = utcMonth(Date.parse('2026-12-20T00:00:00Z'));
const OVERRIDE = { limit: usd(500), until: 2, by: 'ann', reason: 'a launch', since: 1 };

const look = (changes: Partial<Omit<BillActionInput, 'action'>> & { readonly status: BudgetActionStatus }) => {
  const { status, ...rest } = changes;
  return planBillAction({
    action: { kind: 'known', status },
    calculated: { kind: 'known', amount: usd(97) },
    line: usd(95),
    month: NOVEMBER,
    before: {},
    meter: usd(96),
    ...rest,
  });
};

/** Seen applied at $95, then at the new line. */
function raised(to: NanoUsd, changes: Partial<Omit<BillActionInput, 'action'>> = {}) {
  const before = look({ status: 'EXECUTION_SUCCESS' }).next;
  return look({ status: 'EXECUTION_SUCCESS', before, line: to, ...changes });
}

describe('a limit raised above what is spent lifts an applied action in its own month', () => {
  test.each([
    ['below what may have been spent', 143.99, undefined],
    ['at it: 1.5 times the meter’s $96', 144, undefined],
    ['above it', 144.01, 'REVERSE_BUDGET_ACTION'],
  ])('to %s: $%d', (_where, to, execute) => {
    expect(raised(usd(to)).execute).toBe(execute);
  });

  test.each([
    ['below the line', 199.99, 'REVERSE_BUDGET_ACTION'],
    ['at it', 200, undefined],
    ['above it', 200.01, undefined],
  ])('the bill is known to be %s', (_where, amount, execute) => {
    expect(raised(usd(200), { calculated: { kind: 'known', amount: usd(amount) } }).execute).toBe(execute);
  });

  test('of the bill nothing need be known', () => {
    const unknown = { kind: 'unavailable', why: 'AccessDenied' } as const;
    expect(raised(usd(200), { calculated: unknown }).execute).toBe('REVERSE_BUDGET_ACTION');
  });

  test('it says why, with the lines', () => {
    expect(raised(usd(200)).why).toBe('the line was raised from $95.00 to $200.00, and the meter sees $96.00');
  });

  test.each([
    ['lowered', 94.99],
    ['as it was', 95],
  ])('a line that is %s lifts nothing, whatever the bill falls to (trap 10)', (_what, to) => {
    const fallen = { calculated: { kind: 'known', amount: usd(0) }, meter: usd(1) } as const;
    expect(raised(usd(to), fallen).execute).toBeUndefined();
  });

  test('while the meter does not see in full, nothing', () => {
    const before = look({ status: 'EXECUTION_SUCCESS' }).next;
    const { meter: _, ...blind } = { ...RAISED, before, meter: usd(1) };
    expect(planBillAction(blind).execute).toBeUndefined();
    expect(planBillAction({ ...blind, meter: usd(1) }).execute).toBe('REVERSE_BUDGET_ACTION');
  });

  test('while somebody has ordered a stop, nothing', () => {
    expect(raised(usd(200), { isStopOrdered: true }).execute).toBeUndefined();
  });

  test.each([
    'PENDING',
    'EXECUTION_IN_PROGRESS',
    'EXECUTION_FAILURE',
    'REVERSE_IN_PROGRESS',
    'REVERSE_FAILURE',
    'RESET_IN_PROGRESS',
    'RESET_FAILURE',
  ] as const)('an action that is %s can be neither reversed nor armed', (status) => {
    const before = look({ status: 'EXECUTION_SUCCESS' }).next;
    const changes = { status, before: { ...before, reversedFor: 1 }, line: usd(200) };
    expect(look(changes).execute).toBeUndefined();
    expect(look({ ...changes, override: OVERRIDE }).execute).toBeUndefined();
    expect(look({ ...changes, month: DECEMBER }).execute).toBeUndefined();
  });
});

const RAISED = {
  action: { kind: 'known', status: 'EXECUTION_SUCCESS' },
  calculated: { kind: 'known', amount: usd(97) },
  line: usd(200),
  month: NOVEMBER,
} as const;

describe('then it is armed again, in the same month', () => {
  const reversed = raised(usd(200)).next;
  const after = (changes: Partial<Omit<BillActionInput, 'action'>> = {}) =>
    look({ status: 'REVERSE_SUCCESS', before: reversed, line: usd(200), ...changes });

  test('as soon as it is reversed', () => {
    expect(after()).toMatchObject({
      execute: 'RESET_BUDGET_ACTION',
      why: 'the line was raised and the bill is under it',
    });
  });

  test('also while the meter is blind: an armed action denies more, not less', () => {
    const { meter: _, ...blind } = { ...RAISED, before: reversed, meter: usd(1) };
    expect(planBillAction({ ...blind, action: { kind: 'known', status: 'REVERSE_SUCCESS' } }).execute).toBe(
      'RESET_BUDGET_ACTION',
    );
  });

  test.each([
    [199.99, 'RESET_BUDGET_ACTION'],
    [200, undefined],
  ])('where the bill is at $%d of a line at $200', (amount, execute) => {
    expect(after({ calculated: { kind: 'known', amount: usd(amount) } }).execute).toBe(execute);
  });

  test('trap 43: not during an override', () => {
    expect(after({ override: OVERRIDE }).execute).toBeUndefined();
  });

  test('one that AWS did not take is asked for again', () => {
    const again = look({ status: 'REVERSE_SUCCESS', before: after().next, line: usd(200) });
    expect(again.execute).toBe('RESET_BUDGET_ACTION');
  });

  test('one that a person has reversed by hand stays as they left it', () => {
    const before = look({ status: 'EXECUTION_SUCCESS' }).next;
    const fallen = { calculated: { kind: 'known', amount: usd(1) } } as const;
    expect(look({ status: 'REVERSE_SUCCESS', before, ...fallen }).execute).toBeUndefined();
  });

  test('applied once more at the raised line, it stays applied', () => {
    const armed = look({ status: 'STANDBY', before: reversed, line: usd(200) }).next;
    const again = { status: 'EXECUTION_SUCCESS', before: armed, line: usd(200), meter: usd(1) } as const;
    expect(look(again).execute).toBeUndefined();
    const atOnce = look({ status: 'REVERSE_SUCCESS', before: reversed, line: usd(200) }).next;
    expect(look({ ...again, before: atOnce, calculated: { kind: 'unavailable', why: 'x' } }).execute).toBeUndefined();
  });
});

test('a line that was raised between the application and the first look at it counts as raised', () => {
  const armed = look({ status: 'STANDBY' }).next;
  expect(look({ status: 'EXECUTION_SUCCESS', before: armed, line: usd(200) }).execute).toBe('REVERSE_BUDGET_ACTION');
});

test('what a person approved after the line was raised stands', () => {
  const asked = look({ status: 'PENDING' }).next;
  const askedStill = look({ status: 'PENDING', before: asked, line: usd(200) }).next;
  expect(look({ status: 'EXECUTION_SUCCESS', before: askedStill, line: usd(200) }).execute).toBeUndefined();
});

test('trap 19: contradicted is an action at its own line, not at one that was raised since', () => {
  const at = (meter: number) => raised(usd(95), { meter: usd(meter) }).contradicted !== undefined;
  expect([at(63.33), at(63.34)]).toEqual([true, false]);
  expect(raised(usd(200), { meter: usd(64) }).contradicted).toBeUndefined();
  expect(raised(usd(200), { meter: usd(63) }).contradicted).toMatchObject({ line: usd(95) });
  expect(raised(usd(95), { meter: usd(1), month: DECEMBER }).contradicted).toBeUndefined();
  expect(raised(usd(95), { meter: usd(1), override: OVERRIDE }).contradicted).toBeUndefined();
});

describe('what an action was last seen as', () => {
  const before = { appliedMonth: NOVEMBER, reversedFor: 1, appliedLine: usd(95), raisedFrom: usd(50) };

  test.each([{ kind: 'unavailable', why: 'AccessDenied' }, { kind: 'missing' }] as const)(
    'stays where nothing can be seen: %j',
    (action) => {
      const { month, calculated, line } = RAISED;
      expect(planBillAction({ action, month, calculated, line, before, override: OVERRIDE })).toEqual({ next: before });
    },
  );

  test('is over when it is armed: it is remembered where it would be applied, and nothing else', () => {
    expect(look({ status: 'STANDBY', before })).toStrictEqual({ next: { armedLine: usd(95) } });
  });

  test('goes on while it waits for a person: where it would be applied is where the line is then', () => {
    expect(look({ status: 'PENDING', line: usd(200), before: { armedLine: usd(95) } })).toEqual({
      next: { armedLine: usd(200), appliedMonth: NOVEMBER },
      contradicted: { status: 'PENDING', line: usd(200), meter: usd(96) },
    });
  });

  test('a line that is lowered before the first look is where it was applied', () => {
    const armed = look({ status: 'STANDBY' }).next;
    expect(look({ status: 'EXECUTION_SUCCESS', before: armed, line: usd(50) }).next.appliedLine).toBe(usd(50));
  });

  test('a line that is raised while it is being executed is raised above where it was applied', () => {
    const begun = look({ status: 'EXECUTION_IN_PROGRESS' }).next;
    const goesOn = look({ status: 'EXECUTION_IN_PROGRESS', before: begun, line: usd(200) });
    expect(goesOn.execute).toBeUndefined();
    const { execute } = look({ status: 'EXECUTION_SUCCESS', before: goesOn.next, line: usd(200) });
    expect(execute).toBe('REVERSE_BUDGET_ACTION');
  });
});

const bill = (amount: number) => ({ kind: 'known', amount: usd(amount) }) as const;
const UNKNOWN = { kind: 'unavailable', why: 'AccessDenied' } as const;

describe('an override', () => {
  const during = look({ status: 'EXECUTION_SUCCESS', override: OVERRIDE });

  test('lifts an applied action, whatever the bill says, and it is remembered for which', () => {
    expect(during).toEqual({
      execute: 'REVERSE_BUDGET_ACTION',
      why: 'an override by ann holds',
      next: { appliedMonth: NOVEMBER, appliedLine: usd(95), reversedFor: 1 },
    });
  });

  test.each([
    ['below the line', bill(94.99), 'RESET_BUDGET_ACTION'],
    ['at it', bill(95), undefined],
    ['above it', bill(95.01), undefined],
    ['unknown', UNKNOWN, undefined],
  ])('when it has ended, the action is armed again where the bill is %s', (_where, calculated, execute) => {
    const after = look({ status: 'REVERSE_SUCCESS', before: during.next, calculated });
    expect(after.execute).toBe(execute);
    expect(after.why).toBe(execute && 'the override has ended and the bill is under the line');
  });
});

describe('trap 9: in a new month', () => {
  const { next: before } = look({ status: 'EXECUTION_SUCCESS' });

  test.each([
    ['below the line', bill(94.99), DECEMBER, true],
    ['at it', bill(95), DECEMBER, false],
    ['unknown', UNKNOWN, DECEMBER, false],
    ['below the line, and it is the same month', bill(94.99), NOVEMBER, false],
  ])(
    'what is left of the one before is lifted, and armed again, where the bill is %s',
    (_w, calculated, month, does) => {
      const { execute, why } = look({ status: 'EXECUTION_SUCCESS', before, calculated, month });
      expect([execute, why]).toEqual(
        does ? ['REVERSE_BUDGET_ACTION', 'it is left over from 2026-11'] : [undefined, undefined],
      );
      const then = look({ status: 'REVERSE_SUCCESS', before, calculated, month });
      expect([then.execute, then.why]).toEqual(
        does ? ['RESET_BUDGET_ACTION', 'a new month has begun'] : [undefined, undefined],
      );
    },
  );
});

test.each<[BudgetActionStatus, boolean]>([
  ['PENDING', true],
  ['EXECUTION_IN_PROGRESS', true],
  ['EXECUTION_SUCCESS', true],
  ['STANDBY', false],
  ['EXECUTION_FAILURE', false],
  ['REVERSE_IN_PROGRESS', false],
  ['REVERSE_SUCCESS', false],
])('trap 19: an action that is %s has stopped somebody, or asks to: %s', (status, does) => {
  const at = (meter: number, more = {}) => look({ status, line: usd(96), meter: usd(meter), ...more }).contradicted;
  expect(at(63.99)).toEqual(does ? { status, line: usd(96), meter: usd(63.99) } : undefined);
  // Times 1.5, which is as far as it may be calibrated, it is the line.
  expect(at(64)).toBeUndefined();
  expect(look({ status, line: usd(96), meter: usd(64) })).not.toHaveProperty('contradicted');
  expect(at(1, { override: OVERRIDE })).toBeUndefined();
});

test('trap 19: a meter that does not see contradicts nothing', () => {
  const { line, month } = RAISED;
  const action = { kind: 'known', status: 'EXECUTION_SUCCESS' } as const;
  expect(planBillAction({ action, line, month, calculated: UNKNOWN, before: {} }).contradicted).toBeUndefined();
});
