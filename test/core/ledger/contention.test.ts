import { exactSizing, leaseSizing } from '../../../core/ledger/sizing';
import { nanoUsd, usd, type NanoUsd } from '../../../core/money';
import { rush, type Rush } from '../../helpers/rush';

/** On a table of 4 to 9 ms that treats conflicts as DynamoDB does. */
const RUSH: Rush = {
  sizing: exactSizing(),
  processes: 200,
  callersEach: 1,
  callMs: [500, 1500],
  limit: usd(1000),
  bound: usd('0.03'),
  seconds: 3,
};

/** Three levels, with a child that is used up early, and one that promises more than there is. */
const levels = (limit: NanoUsd): Partial<Rush> => ({
  limit,
  budgets: [
    { path: 'search', period: 'month', limit },
    { path: 'search/nightly', period: 'day', limit: nanoUsd(limit / 4) },
    { path: 'search/daytime', period: 'month', limit: nanoUsd(2 * limit) },
  ],
  named: ['search/nightly', 'search/daytime'],
});

jest.setTimeout(60_000);

test.each<[string, Partial<Rush>]>([
  ['exact, plenty left', {}],
  ['exact, at the cap', { limit: usd(2) }],
  ['lease, plenty left', { sizing: leaseSizing }],
  ['lease, at the cap', { sizing: leaseSizing, limit: usd(2) }],
  ['exact, three levels, plenty left', levels(usd(1000))],
  ['exact, three levels, at the cap', levels(usd(2))],
  ['lease, three levels, at the cap', { sizing: leaseSizing, ...levels(usd(2)) }],
])('200 processes with a call each, %s: nobody is refused for others, and nothing is over', async (_, more) => {
  const { calls, unavailable, overshoot, conflicts } = await rush({ ...RUSH, ...more });
  expect({ unavailable, overshoot, conflicts }).toEqual({ unavailable: 0, overshoot: 0, conflicts: 0 });
  expect(calls).toBeGreaterThan(60);
});

test('three levels, exact: at the cap at least 99% of the limit is used', async () => {
  const { used, overshoot } = await rush({ ...RUSH, ...levels(usd(4)), seconds: 10 });
  expect(overshoot).toBe(0);
  expect(used).toBeGreaterThanOrEqual(0.99);
});

test("a transaction of somebody else's each 20 ms is in the way, and refuses nobody", async () => {
  const { unavailable, overshoot, conflicts } = await rush({ ...RUSH, processes: 50, foreignEveryMs: 20 });
  expect({ unavailable, overshoot }).toEqual({ unavailable: 0, overshoot: 0 });
  expect(conflicts).toBeGreaterThan(5);
});

test('a call costs one unit before and one after, with few processes', async () => {
  const { unitsPerCall } = await rush({ ...RUSH, processes: 10, seconds: 20 });
  // And the opening of the month.
  expect(unitsPerCall).toBeLessThan(2.2);
});

test('and as much for each budget that it is charged to', async () => {
  const { unitsPerCall } = await rush({ ...RUSH, ...levels(usd(1000)), processes: 10, seconds: 20 });
  expect(unitsPerCall).toBeLessThan(3 * 2.2);
});
