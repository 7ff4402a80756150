import { exactSizing, leaseSizing } from '../../../core/ledger/sizing';
import { usd } from '../../../core/money';
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

jest.setTimeout(60_000);

test.each<[string, Partial<Rush>]>([
  ['exact, plenty left', {}],
  ['exact, at the cap', { limit: usd(2) }],
  ['lease, plenty left', { sizing: leaseSizing }],
  ['lease, at the cap', { sizing: leaseSizing, limit: usd(2) }],
])('200 processes with a call each, %s: nobody is refused for others, and nothing is over', async (_, more) => {
  const { calls, unavailable, overshoot, conflicts } = await rush({ ...RUSH, ...more });
  expect({ unavailable, overshoot, conflicts }).toEqual({ unavailable: 0, overshoot: 0, conflicts: 0 });
  expect(calls).toBeGreaterThan(60);
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
