import fc from 'fast-check';
import { parseDecimal, usd } from '../../../core/money';
import { ServiceError } from '../../../core/errors';
import type { BillFigures } from '../../../core/report/report';
import { unmeteredText } from '../../../core/metering';
import { costCheck, COUNTING, item, type World } from './harness';

const MINUTE = 60_000;
const NOW = '2026-11-23T11:00:00Z';

async function figuresOf(world: World): Promise<BillFigures> {
  const { bill } = await costCheck(world).onDemand();
  if (bill.kind !== 'known') throw new Error(`the bill is unavailable: ${bill.why}`);
  return bill;
}

describe('what is counted', () => {
  test('trap 1: every name that Bedrock bills under, and nothing else', async () => {
    const names = [
      'Amazon Bedrock',
      'Amazon Bedrock Service',
      'Claude Haiku 4.5 (Amazon Bedrock Edition)',
      'Amazon Bedrock AgentCore',
      'AmazonBedrockFoundationModels',
    ];
    const items = names.map((service) => item('2026-11-10', '1.00', { service }));
    const bill = await figuresOf({ now: NOW, items: [...items, item('2026-11-10', '99', { service: 'AWS Lambda' })] });
    expect(bill.monthToDate).toBe(usd(5));
    expect(bill.byService.map(({ name }) => name).sort()).toEqual([...names].sort());
  });

  test('trap 1: without a filter by service, which would miss a name that nobody knew', async () => {
    const check = costCheck({ now: NOW, items: [item('2026-11-10', '1')] });
    await check.onDemand();
    expect(check.costExplorer.queries[0]).not.toHaveProperty('services');
  });

  test('trap 39: what carries another environment’s tag is reported, not counted', async () => {
    const items = [
      item('2026-11-10', '3'),
      item('2026-11-10', '900', { environment: 'staging' }),
      item('2026-11-10', '7', { environment: '' }),
    ];
    const bill = await figuresOf({ now: NOW, items });
    expect([bill.monthToDate, bill.foreign, bill.untagged]).toEqual([usd(3), usd(900), usd(7)]);
  });

  test('in an account of its own everything of Bedrock counts, tagged or not', async () => {
    const items = [item('2026-11-10', '3'), item('2026-11-10', '7', { environment: '' })];
    const bill = await figuresOf({ now: NOW, items, variables: { IDENTITY: 'direct' } });
    expect([bill.monthToDate, bill.untagged, bill.foreign]).toEqual([usd(10), 0, 0]);
  });

  test('a correction of an earlier day counts as it stands', async () => {
    expect(
      (await figuresOf({ now: NOW, items: [item('2026-11-10', '3'), item('2026-11-11', '-1')] })).monthToDate,
    ).toBe(usd(2));
  });

  test('fractions of a nano-dollar are summed exactly and rounded up once', async () => {
    const items = Array.from({ length: 10 }, (_, at) => item(`2026-11-${10 + at}`, '0.0000000001'));
    expect((await figuresOf({ now: NOW, items })).monthToDate).toBe(1);
  });

  test('property: by service and by model each add up to the total, but for a nano-dollar of rounding a line', async () => {
    const amount = fc.integer({ min: 0, max: 10 ** 9 }).map((digits) => ({ digits: BigInt(digits), scale: 10 }));
    const lines = fc.array(
      fc.record({
        day: fc.integer({ min: 1, max: 22 }),
        service: fc.constantFrom(
          'Amazon Bedrock',
          'Amazon Bedrock Service',
          'Claude Haiku 4.5 (Amazon Bedrock Edition)',
        ),
        usageType: fc.constantFrom(
          'USE1-NovaLite-input-tokens',
          'USE1-NovaLite-output-tokens',
          'strange thing',
          'EUC1-Llama3-1-70B-output-tokens',
        ),
        amount,
      }),
      { maxLength: 40 },
    );
    await fc.assert(
      fc.asyncProperty(lines, async (all) => {
        const items = all.map(({ day, ...rest }) => ({
          ...item(`2026-11-${String(day).padStart(2, '0')}`, '0'),
          ...rest,
        }));
        const bill = await figuresOf({ now: NOW, items });
        if (bill.byModel.kind !== 'known') throw new Error('models unknown');
        for (const list of [bill.byService, bill.byModel.byModel]) {
          const sum = list.reduce((total, { amount: of }) => total + of, 0);
          expect(sum - bill.monthToDate).toBeGreaterThanOrEqual(0);
          expect(sum - bill.monthToDate).toBeLessThanOrEqual(Math.max(list.length, 1));
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('the calendar', () => {
  test.each([
    ['day 1', '2026-11-01T11:00:00Z', '2026-10-01', '2026-11-02'],
    ['the last day', '2026-11-30T23:59:59Z', '2026-10-01', '2026-12-01'],
    ['the turn of the year', '2027-01-01T00:00:00Z', '2026-12-01', '2027-01-02'],
    ['leap day', '2028-02-29T12:00:00Z', '2028-01-01', '2028-03-01'],
  ])('%s: from the first of the month before to tomorrow, never an empty period', async (_day, now, from, to) => {
    const check = costCheck({ now });
    await check.onDemand();
    expect(check.costExplorer.queries[0]).toMatchObject({ from, to });
  });

  test('on day 1 the month starts at what day 1 was billed; last month stands beside it', async () => {
    const items = [item('2026-10-31', '40'), item('2026-11-01', '0.50')];
    const bill = await figuresOf({ now: '2026-11-01T11:00:00Z', items });
    expect([bill.monthToDate, bill.lastMonth, bill.yesterday]).toEqual([usd('0.5'), usd(40), usd(40)]);
  });

  test('the usual day is the median of whole days before yesterday, the forecast the mean of a week', async () => {
    const items = Array.from({ length: 22 }, (_, at) =>
      item(`2026-11-${String(at + 1).padStart(2, '0')}`, at === 21 ? '9' : '1'),
    );
    const bill = await figuresOf({ now: NOW, items });
    expect(bill.yesterday).toBe(usd(9));
    expect(bill.usualDay).toEqual({ kind: 'known', amount: usd(1) });
    // 30 through yesterday; six days of 1 and one of 9 are 15/7 a day; 8 days are left, today included.
    expect(bill.forecast).toEqual({ kind: 'known', amount: usd(30) + Math.floor((usd(15) * 8) / 7) });
  });

  test.each([
    [2, 'unavailable'],
    [3, 'known'],
  ])('after %i whole days of spend a forecast is %s, and never $0', async (days, kind) => {
    const items = Array.from({ length: days }, (_, at) => item(`2026-11-${22 - at}`, '1'));
    expect((await figuresOf({ now: NOW, items })).forecast.kind).toBe(kind);
  });
});

describe('unknown is said as unknown', () => {
  const down = { why: 'Cost Explorer answers ThrottlingException', retryable: false };

  test.each<[string, Partial<World>, RegExp]>([
    [
      'Cost Explorer refuses (trap 38)',
      { failure: () => ({ why: 'Cost Explorer refuses this account', retryable: false }) },
      /refuses this account/,
    ],
    ['Cost Explorer is down', { failure: () => down }, /ThrottlingException/],
    [
      'trap 45: the bill is in another currency',
      { currency: 'BRL', items: [item('2026-11-10', '5')] },
      /the bill is in BRL/,
    ],
  ])('%s: no figure in the mail or the metrics', async (_what, world, why) => {
    const check = costCheck({ now: NOW, ...world });
    await check.scheduled();
    const [mail] = check.mail.sent;
    expect(mail!.subject).toMatch(/^\[bill\] dev bill unknown, limit \$50: /);
    expect(mail!.body).toMatch(why);
    expect(mail!.body).toContain('UNKNOWN');
    expect(mail!.body).not.toContain('$0.00');
    expect(check.metrics.latest('BillMonthToDateUsd')).toBeUndefined();
    expect(check.metrics.latest('BillPercentOfLimit')).toBeUndefined();
    expect(check.metrics.latest('BlindLines')).toBeGreaterThanOrEqual(1);
  });

  test('models unknown, total known: each said for itself', async () => {
    let calls = 0;
    const failure = () => (++calls > 1 ? down : undefined);
    const check = costCheck({ now: NOW, items: [item('2026-11-10', '5')], failure });
    await check.scheduled();
    expect(check.mail.sent[0]!.body).toMatch(/Spent in 2026-11\s+\$5\.00/);
    expect(check.mail.sent[0]!.body).toMatch(/By model\n {2}unknown: Cost Explorer answers/);
  });

  test('nothing billed yet is said as just that', async () => {
    const check = costCheck({ now: NOW });
    await check.scheduled();
    expect(check.mail.sent[0]!.body).toContain(
      'Nothing is billed yet this month. That is not the same as nothing used.',
    );
    expect(check.mail.sent[0]!.subject).toBe('[bill] dev nothing billed yet, limit $50: no forecast yet');
    expect(check.mail.sent[0]!.body).toMatch(/Spent in 2026-11 +nothing billed yet of \$50\.00/);
    expect(check.metrics.latest('BillMonthToDateUsd')).toBeUndefined();
  });

  test('a line of $0.00 on the bill is a figure', async () => {
    const check = costCheck({ now: NOW, items: [item('2026-11-10', '0')] });
    await check.scheduled();
    expect(check.mail.sent[0]!.subject).toBe('[bill] dev 0% $0.00 of $50: no forecast yet');
    expect(check.metrics.latest('BillMonthToDateUsd')).toBe(0);
  });
});

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

describe('the subject says the one thing that matters', () => {
  test.each([
    ['24.99', '[bill] dev 49% $24.99 of $50: on track for $34.08'],
    ['47.49', '[bill] dev 94% $47.49 of $50: on track for $64.76, above the limit'],
    ['47.5', '[bill] dev 95% $47.50 of $50: above the stop line'],
    ['49.99', '[bill] dev 99% $49.99 of $50: above the stop line'],
    ['50', '[bill] dev 100% $50.00 of $50: ABOVE the limit'],
  ])('at $%s: %s', async (amount, subject) => {
    const perDay = Array.from({ length: 22 }, (_, at) => at + 1);
    const [digits = '0', fraction = ''] = amount.split('.');
    const total = BigInt(digits + fraction.padEnd(8, '0'));
    const each = total / 22n;
    const items = perDay.map((day) => ({
      ...item(`2026-11-${String(day).padStart(2, '0')}`, '0'),
      amount: { digits: day === 22 ? total - each * 21n : each, scale: 8 },
    }));
    const check = costCheck({ now: NOW, items });
    await check.scheduled();
    expect(check.mail.sent[0]!.subject).toBe(subject);
  });

  test('property: at most 100 ASCII characters, whatever the name and the reason', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ minLength: 1, unit: 'grapheme' }),
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        async (name, why) => {
          const check = costCheck({
            now: NOW,
            variables: { ENVIRONMENT: name },
            failure: () => ({ why, retryable: false }),
          });
          await check.onDemand({ mail: true });
          expect(check.mail.sent[0]!.subject).toMatch(/^[\x20-\x7e]{1,100}$/);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('once each time it is due, whatever is delivered twice', () => {
  test('trap 13: a duplicate event does not mail again; the next day does', async () => {
    const check = costCheck({ now: NOW });
    await check.scheduled();
    check.pass(MINUTE);
    expect(await check.scheduled()).toEqual({ kind: 'skipped', why: "this day's report was sent" });
    check.pass(24 * 60 * MINUTE);
    await check.scheduled('2026-11-24T11:00:00Z');
    expect(check.mail.sent).toHaveLength(2);
  });

  test('two at once: one reports', async () => {
    const check = costCheck({ now: NOW });
    const results = await Promise.all([check.scheduled(), check.scheduled()]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['reported', 'skipped']);
    expect(check.mail.sent).toHaveLength(1);
  });

  test('a run that died before its mail: Lambda’s retry takes over', async () => {
    const check = costCheck({ now: NOW });
    check.deps.mail.send = async () => {
      throw new Error('timed out');
    };
    await expect(check.scheduled()).rejects.toThrow('timed out');
    delete (check.deps.mail as { send?: unknown }).send;
    check.pass(MINUTE);
    expect(await check.scheduled()).toMatchObject({ kind: 'reported', mailed: true });
  });

  test('a fault that may pass is retried, and the last attempt reports it as unknown', async () => {
    const failure = () => ({ why: 'Cost Explorer answers ServiceUnavailable', retryable: true });
    const check = costCheck({ now: NOW, failure });
    for (const pause of [1, 2]) {
      await expect(check.scheduled()).rejects.toMatchObject({ code: 'BILL_UNAVAILABLE' });
      expect(check.mail.sent).toHaveLength(0);
      check.pass(pause * MINUTE);
    }
    await check.scheduled();
    expect(check.mail.sent[0]!.body).toContain('ServiceUnavailable');
  });

  test('a late event reports as of now, for the day it was due on', async () => {
    const check = costCheck({ now: NOW });
    await check.scheduled('2026-11-21T11:00:00Z');
    expect([...check.state.reports.keys()]).toEqual(['2026-11-21 America/Sao_Paulo']);
  });

  test('on demand: no mail unless asked, and no claim', async () => {
    const check = costCheck({ now: NOW });
    await check.onDemand();
    expect(check.mail.sent).toHaveLength(0);
    await check.onDemand({ mail: true });
    expect(check.mail.sent).toHaveLength(1);
    expect(check.state.reports.size).toBe(0);
  });
});

test.each([
  [null, /the event must be an object, got null/],
  ['now', /the event must be an object/],
  [[], /the event must be an object/],
  [{ source: 'timer' }, /source must be 'schedule', or left out, got "timer"/],
  [{ source: 'schedule' }, /scheduledAt must be an ISO date.*got nothing/],
  [{ source: 'schedule', scheduledAt: '<aws.scheduler.scheduled-time>' }, /scheduledAt must be an ISO date/],
  [{ source: 'schedule', scheduledAt: '2027-01-01T00:00:00Z' }, /scheduledAt must be not later than now/],
  [{ mail: 'yes' }, /mail must be true or false, got "yes"/],
])('a malformed event %p is refused, and nothing is sent', async (event, message) => {
  const check = costCheck({ now: NOW });
  await expect(check.handler(event)).rejects.toThrow(message);
  expect(check.mail.sent).toHaveLength(0);
});
