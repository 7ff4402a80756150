import { describe, expect, test } from '@jest/globals';
import type { BudgetFigures } from '../../client';
import { KnownBudgets } from '../../server/known-budgets';

type Told = readonly Pick<BudgetFigures, 'budget' | 'spentUsd'>[];

function world() {
  let now = 0;
  const looks: { tell: (spentUsd: number) => void; fail: () => void }[] = [];
  const remaining = () =>
    new Promise<Told>((resolve, reject) => {
      looks.push({
        tell: (spentUsd) => resolve([{ budget: '', spentUsd }]),
        fail: () => reject(new Error('away')),
      });
    });
  const known = new KnownBudgets({ remaining } as unknown as ConstructorParameters<typeof KnownBudgets>[0], () => now);
  return {
    looks,
    spent: async () => (await known.of(undefined))[0]!.spentUsd,
    later: (ms: number) => (now += ms),
  };
}

async function after(ms: number) {
  const one = world();
  const first = one.spent();
  one.looks[0]!.tell(1);
  await first;
  one.later(ms);
  return one;
}

describe('what a budget has', () => {
  test.each([
    ['just asked', 1_999, 1],
    ['no more fresh', 2_000, 2],
    ['almost a minute old', 59_999, 2],
  ])('%s is told without waiting, and asked %i ms after the last time %i times in all', async (_what, ms, asked) => {
    const { spent, looks } = await after(ms);
    expect(await spent()).toBe(1);
    expect(looks).toHaveLength(asked);
  });

  test('what was asked meanwhile is told the next time', async () => {
    const { spent, looks } = await after(30_000);
    await spent();
    looks[1]!.tell(2);
    expect(await spent()).toBe(2);
    expect(looks).toHaveLength(2);
  });

  test('a minute old is not told any more', async () => {
    const { spent, looks } = await after(60_000);
    const told = spent();
    looks[1]!.tell(2);
    expect(await told).toBe(2);
  });

  test('after a look that failed nothing old is told', async () => {
    const { spent, looks } = await after(2_000);
    expect(await spent()).toBe(1);
    looks[1]!.fail();
    await new Promise((resolve) => setImmediate(resolve));
    const told = spent();
    looks[2]!.fail();
    await expect(told).rejects.toThrow('away');
  });
});
