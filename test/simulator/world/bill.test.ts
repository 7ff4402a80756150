import { DAY_MS, HOUR_MS, type UtcDay } from '../../../core/calendar';
import { add } from '../../../core/money';
import { ENVIRONMENT_TAG } from '../../../core/tags';
import { seededRandom } from '../../../simulator/random';
import { Bill, type BillingError } from '../../../simulator/world/bill';
import { hourlyDemand } from '../../../simulator/world/demand';
import { EnvironmentUsage } from '../../../simulator/world/usage';
import { environment, guardStack } from '../guard';

const START = Date.parse('2026-03-01T00:00Z');
const END = Date.parse('2026-04-01T00:00Z');
const config = environment();

function billOf(error?: BillingError) {
  const usage = new EnvironmentUsage({
    environment: config,
    demand: hourlyDemand(config, [{ kind: 'office', percentOfLimit: 40 }], START, END),
    randoms: config.models.map(({ id }) => seededRandom(1, id)),
    fromMs: START,
    monthStartMs: START,
    toMs: END,
    allowed: () => 1,
  });
  const stacks = new Map([[config.name, guardStack(config)]]);
  const bill = new Bill([usage], stacks, {
    fromMs: START,
    toMs: END,
    random: seededRandom(1),
    ...(error ? { error } : {}),
  });
  const total = (fromMs: number, toMs: number, atMs: number) =>
    add(...bill.series.map((one) => bill.cost(one, fromMs, toMs, bill.costExplorerView(atMs))));
  return { bill, usage, total };
}

test('Cost Explorer is 8 to 24 hours behind, and what it knows never shrinks', () => {
  const { bill } = billOf();
  let before = 0;
  for (let at = START; at < END; at += HOUR_MS) {
    const { reachMs } = bill.costExplorerView(at);
    expect(at - reachMs).toBeGreaterThanOrEqual(8 * HOUR_MS);
    expect(at - reachMs).toBeLessThanOrEqual(24 * HOUR_MS);
    expect(reachMs).toBeGreaterThanOrEqual(before);
    before = reachMs;
  }
});

test('a bill is what was used as far as it reaches, by model, tag and service name (trap 1)', () => {
  const { bill, usage, total } = billOf();
  const at = START + 10 * DAY_MS;
  expect(total(START, at, at)).toBe(usage.total(START, bill.costExplorerView(at).reachMs));
  expect(total(at - HOUR_MS, at, at)).toBe(0);
  expect(bill.series.map(({ line }) => line)).toEqual(
    config.models.map(() => ({
      service: 'Amazon Bedrock',
      recordType: 'Usage',
      region: 'us-east-1',
      tags: { [ENVIRONMENT_TAG]: 'test' },
    })),
  );
});

test('lines by day and component add up to the bill, and begin with the Region as on a real one', () => {
  const { bill, total } = billOf();
  const at = START + 10 * DAY_MS;
  const items = bill.items('123456789012', '2026-02-01' as UtcDay, bill.costExplorerView(at));
  const sum = items.reduce((all, { amount }) => all + Number(amount.digits), 0);
  expect(sum - total(START, at, at)).toBeGreaterThanOrEqual(0);
  // Each line is rounded up on its own.
  expect(sum - total(START, at, at)).toBeLessThanOrEqual(items.length);
  expect(new Set(items.map(({ usageType }) => usageType))).toEqual(
    new Set([
      'USE1-amazon.novalitev10-input-tokens',
      'USE1-amazon.novalitev10-output-tokens',
      'USE1-amazon.novaprov10-input-tokens',
      'USE1-amazon.novaprov10-output-tokens',
    ]),
  );
  expect(items.some(({ amount }) => amount.digits === 0n)).toBe(false);
  expect(bill.items('210987654321', '2026-03-01' as UtcDay, bill.costExplorerView(at))).toEqual([]);
});

test('trap 19: an error shows for a time, over the whole month so far, and is put right', () => {
  const [fromMs, toMs] = [START + 10 * DAY_MS, START + 13 * DAY_MS];
  const [right, wrong] = [billOf(), billOf({ fromMs, toMs, factor: 20 })];
  const whole = (bills: typeof right, at: number) => bills.total(START, START + 5 * DAY_MS, at);
  expect(whole(wrong, START + 9 * DAY_MS)).toBe(whole(right, START + 9 * DAY_MS));
  expect(whole(wrong, START + 12 * DAY_MS)).toBe(20 * whole(right, START + 12 * DAY_MS));
  expect(whole(wrong, START + 15 * DAY_MS)).toBe(whole(right, START + 15 * DAY_MS));
});
