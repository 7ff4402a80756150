import { usd } from '../../../core/money';
import { costCheck, figuresOf, item, NOW } from './harness';

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
