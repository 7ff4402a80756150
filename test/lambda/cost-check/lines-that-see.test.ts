import { parseDecimal, usd } from '../../../core/money';
import { ServiceError } from '../../../core/errors';
import { unmeteredText } from '../../../core/metering';
import { costCheck, COUNTING, item, NOW, type World } from './harness';

describe('which lines can see', () => {
  const lineOf = async (world: Partial<World>, line: string) =>
    (await costCheck({ now: NOW, items: [item('2026-11-10', '5')], ...world }).onDemand()).lines.find(
      (one) => one.line === line,
    );

  test.each([
    ['active', 'armed'],
    ['inactive', 'blind'],
    ['unseen', 'blind'],
  ] as const)('trap 25: the tag is %s, the budget by tag %s', async (state, expected) => {
    expect(await lineOf({ tag: { kind: 'known', state } }, 'budget by tag')).toMatchObject({ state: expected });
  });

  test('trap 38: a member account that may not ask does not know', async () => {
    const tag = { kind: 'unavailable', why: 'AccessDenied' } as const;
    expect(await lineOf({ tag }, 'budget by tag')).toMatchObject({ state: 'unknown' });
  });

  test('trap 1: a budget over service names is blind for a name that it lacks', async () => {
    const items = [item('2026-11-10', '5', { service: 'Claude New (Amazon Bedrock Edition)' })];
    expect(await lineOf({ variables: { IDENTITY: 'direct' }, items }, 'budget')).toMatchObject({
      state: 'blind',
      why: 'does not count "Claude New (Amazon Bedrock Edition)"',
    });
    expect(await lineOf({ variables: { IDENTITY: 'direct' } }, 'budget')).toMatchObject({ state: 'armed' });
  });

  describe('trap 49: a budget that counts $0 beside a bill', () => {
    const zero = { ...COUNTING, spent: parseDecimal('0') };
    const items = [
      item('2026-11-10', '0.75'),
      item('2026-11-11', '0.5', { environment: 'staging' }),
      item('2026-11-21', '0.25'),
      item('2026-11-22', '50'),
    ];
    const account = { ACCOUNT_BUDGET_NAME: 'spend-guard-account-1' };

    test('by tag: only what carries this environment’s, and only what is two days old', async () => {
      expect(await lineOf({ budget: zero, items }, 'budget by tag')).toMatchObject({ state: 'armed' });
      const more = [...items, item('2026-11-21', '0.01')];
      expect(await lineOf({ budget: zero, items: more }, 'budget by tag')).toMatchObject({ state: 'blind' });
    });

    test('account-wide: whatever the account’s Bedrock was billed, and no further request is paid for', async () => {
      const world = { now: NOW, variables: account, items };
      expect(await lineOf({ ...world, accountBudget: zero }, 'account-wide budget')).toMatchObject({
        state: 'blind',
        why: expect.stringContaining('$1.50'),
      });
      const check = costCheck({ ...world, accountBudget: zero });
      expect((await check.onDemand()).requests).toBe((await costCheck({ now: NOW, items }).onDemand()).requests);
    });

    test('the mail says so', async () => {
      const check = costCheck({ now: NOW, items: [item('2026-11-10', '5')], budget: zero });
      await check.scheduled();
      expect(check.mail.sent[0]!.body).toMatch(/budget by tag.*AWS Budgets has counted \$0/s);
    });
  });

  test('a budget deleted by hand, or in another currency (trap 45), is blind', async () => {
    expect(await lineOf({ budget: { kind: 'missing' } }, 'budget by tag')).toMatchObject({ state: 'blind' });
    expect(await lineOf({ budget: { kind: 'known', currency: 'BRL' } }, 'budget by tag')).toMatchObject({
      state: 'blind',
    });
  });

  test.each([
    ['STANDBY', 'armed'],
    ['PENDING', 'waiting'],
    ['EXECUTION_SUCCESS', 'applied'],
    ['EXECUTION_FAILURE', 'blind'],
    ['REVERSE_SUCCESS', 'blind'],
    ['RESET_IN_PROGRESS', 'armed'],
  ] as const)('trap 9: a budgets action in %s is %s', async (status, state) => {
    expect(await lineOf({ action: { kind: 'known', status } }, 'budgets action')).toMatchObject({ state });
  });

  describe('the in-path plugin', () => {
    const shared = { limit: usd(50), spent: usd('12.5'), remaining: usd(37), unsettled: usd(0) };

    test('says what its callers have used this month, and hold', async () => {
      expect(await lineOf({ shared: { [NOW.slice(0, 7)]: shared } }, 'in-path plugin')).toEqual({
        line: 'in-path plugin',
        state: 'armed',
        why: "of $50.00, $12.50 is spent, by its callers' word or the meter's, and $0.50 held",
      });
    });

    test('is absent, not armed, where nobody has used it this month', async () => {
      expect(await lineOf({ shared: { '2020-01': shared } }, 'in-path plugin')).toMatchObject({ state: 'absent' });
    });

    test('is unknown where its table cannot be read; the rest of the report goes on', async () => {
      const away = new ServiceError('throttled', 'ThrottlingException', 'slow down');
      expect(await lineOf({ shared: away }, 'in-path plugin')).toMatchObject({
        state: 'unknown',
        why: 'ThrottlingException from AWS',
      });
    });
  });

  test('who is guarded and not metered stands in every report, with the remedy, and in its data', async () => {
    const names = ['role app', 'user bot'];
    const check = costCheck({ now: NOW, variables: { GUARDED_UNMETERED: JSON.stringify(names) } });
    await check.scheduled();
    expect(check.mail.sent[0]!.body).toContain(unmeteredText(names));
    expect((await check.onDemand()).guardedUnmetered).toEqual(names);
    const nobody = costCheck({ now: NOW });
    await nobody.scheduled();
    expect(nobody.mail.sent[0]!.body).not.toContain('metered only through');
  });

  test('break-glass roles stand in every report', async () => {
    const check = costCheck({ now: NOW });
    await check.scheduled();
    expect(check.mail.sent[0]!.body).toContain('never stopped (break-glass roles): break-glass');
  });
});
