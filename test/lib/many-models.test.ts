import { parseCostCheckEnv } from '../../lambda/cost-check/env';
import { parseHealthCheckEnv } from '../../lambda/health-check/env';
import { parseSpendMeterEnv } from '../../lambda/spend-meter/env';
import { profileIdsByKey } from '../../lib/profile-keys';
import { MAX_VARIABLES_BYTES } from '../../lib/variables';
import { manyModels, withManyModels } from '../helpers/many-models';
import { isTooLarge, policySizesOf } from '../helpers/policy-quotas';
import {
  ALONE,
  featuresOf,
  madeFor,
  PRINCIPALS,
  resourcesOf,
  toldTo,
  variableBytes,
  variablesOf,
  type Made,
} from '../helpers/stack';

const shared = withManyModels(60, { principals: PRINCIPALS, dashboard: true });
const alone = withManyModels(60, { ...ALONE, dashboard: true });
const made = { shared: madeFor(shared), alone: madeFor(alone) };

describe.each([
  ['by profiles in a shared account', 'shared', shared],
  ['called directly in an account of its own', 'alone', alone],
] as const)('sixty models, %s', (_what, name, environment) => {
  const stack = made[name];
  const ids = environment.models.map(({ id }) => id);

  test.each(featuresOf(stack))('the variables of %s are within what Lambda takes', (feature) => {
    expect(variableBytes(stack, feature)).toBeLessThan(MAX_VARIABLES_BYTES);
  });

  test('the meter and the report parse what was shipped, and price each model as the configuration does', () => {
    const meter = parseSpendMeterEnv(toldTo(stack, 'spend-meter'));
    expect(meter.MODELS.map(({ id }) => id)).toEqual(ids);
    // The meter cannot tell how long a cache is kept: it counts a write at the dearest of its prices, and is told the one for 5 minutes,
    // which says how little the writes may have cost.
    const counted = environment.models.map(({ price: { input, output, cacheRead, cacheWrite, cacheWrite5m } }) => ({
      ...{ input, output, cacheRead, cacheWrite },
      ...(cacheWrite5m !== undefined && { cacheWrite5m }),
    }));
    expect(meter.MODELS.map(({ price }) => price)).toEqual(counted);
    expect(parseCostCheckEnv(toldTo(stack, 'cost-check')).MODELS).toEqual(meter.MODELS);
    expect(new Set(meter.MODELS.map(({ metricIds }) => metricIds[0])).size).toBe(60);
  });

  test('the health check parses what was shipped, and calls each model by another name', () => {
    const { MODELS } = parseHealthCheckEnv(toldTo(stack, 'health-check'));
    expect(MODELS.map(({ id }) => id)).toEqual(ids);
    expect(new Set(MODELS.map(({ callAs }) => callAs)).size).toBe(60);
  });

  // The invoker's policies are another matter: what it may call grows with the models by nature.
  test("the roles of the guard's functions are within the quota of inline policies", () => {
    const sizes = [...policySizesOf(stack.template)].filter(([role]) => role !== 'InvokerRole');
    expect(sizes.length).toBeGreaterThanOrEqual(6);
    expect(sizes.filter(([, one]) => isTooLarge(one))).toEqual([]);
  });

  test('the dashboard is within 500 metrics a graph', () => {
    const [dashboard] = Object.values(resourcesOf(stack.template, 'AWS::CloudWatch::Dashboard'));
    const body = JSON.parse(
      (dashboard!.Properties['DashboardBody']['Fn::Join'][1] as readonly unknown[])
        .map((part) => (typeof part === 'string' ? part : 'x'))
        .join(''),
    ) as { widgets: readonly { properties: { metrics?: readonly unknown[] } }[] };
    const counts = body.widgets.map(({ properties }) => properties.metrics?.length ?? 0);
    expect(Math.max(...counts)).toBe(60);
  });

  test('the resources and outputs of the stack are within what CloudFormation takes', () => {
    const { Resources, Outputs } = stack.template.toJSON() as Record<string, object>;
    expect(Object.keys(Resources!).length).toBeLessThan(500);
    expect(Object.keys(Outputs!).length).toBeLessThan(200);
  });
});

describe('while CloudFormation has changed the code and not yet the variables, or the other way round', () => {
  const parse = {
    'spend-meter': parseSpendMeterEnv,
    'cost-check': parseCostCheckEnv,
    'health-check': parseHealthCheckEnv,
  };
  const before = { ...shared, models: manyModels(10) };
  const [replaced, ...kept] = before.models;
  const after = {
    more: { ...before, models: manyModels(11) },
    fewer: { ...before, models: manyModels(9) },
    reordered: { ...before, models: before.models.toReversed() },
    // The same id, called otherwise: another profile, at another price.
    calledOtherwise: {
      ...before,
      models: [
        {
          ...replaced!,
          route: {
            via: 'crossRegion' as const,
            modelId: replaced!.route.modelId,
            profileId: `us.${replaced!.route.modelId}`,
            destinationRegions: 'unknown' as const,
          },
        },
        ...kept,
      ],
    },
  };
  const was = madeFor(before);
  const between = (code: Made, variables: Made, feature: string) => ({
    ...toldTo(code, feature),
    ...variablesOf(variables, feature),
  });

  describe.each(Object.keys(parse) as (keyof typeof parse)[])('%s', (feature) => {
    test.each(['more', 'fewer', 'calledOtherwise'] as const)('%s models: it refuses to run', (change) => {
      const is = madeFor(after[change]);
      const half = [between(is, was, feature), between(was, is, feature)];
      for (const told of half) {
        expect(() => parse[feature](told)).toThrow(
          expect.objectContaining({ code: 'ENVIRONMENT_INVALID', message: expect.stringContaining('two deployments') }),
        );
      }
    });

    test('another order: each model keeps its profile', () => {
      const is = madeFor(after.reordered);
      const byId = (told: Readonly<Record<string, string>>) =>
        Object.fromEntries(
          parse[feature](told).MODELS.map((model) => [model.id, 'callAs' in model ? model.callAs : model.metricIds]),
        );
      expect(byId(between(is, was, feature))).toEqual(byId(toldTo(was, feature)));
    });
  });
});

test('two models with one key are refused by name', () => {
  const profiles = { metricIdOf: ({ id }: { id: string }) => id } as never;
  const models = manyModels(3);
  expect(Object.keys(profileIdsByKey(models, profiles))).toHaveLength(3);
  expect(() => profileIdsByKey(models, profiles, () => 'same')).toThrow(/ and .* have the same key same/);
});
