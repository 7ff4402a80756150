import fc from 'fast-check';
import { assess } from '../../../core/meter/assess';
import { resolveUsage, type Remembered, type ResolveInput, type TaggedProfile } from '../../../core/meter/resolve';
import type { MeteredModel } from '../../../core/meter/types';
import type { Metering } from '../../../core/metering';
import { at, DEAREST, PRICE, reading, series } from '../../helpers/meter-world';

const NOW = at('2026-11-10T12:30');
const MODELS = ['a.small', 'b.large', 'c.other'];
const SCOPES = ['', 'us.', 'global.'];

/** An account with environments of one Region, each with own profiles, and whatever else is called in it. */
interface Account {
  readonly environments: readonly { readonly name: string; readonly models: readonly MeteredModel[] }[];
  readonly profiles: readonly TaggedProfile[];
  readonly seen: readonly string[];
}

const account: fc.Arbitrary<Account> = fc
  .record({
    deployed: fc.array(fc.subarray(MODELS), { minLength: 2, maxLength: 3 }),
    byHand: fc.array(fc.record({ owner: fc.option(fc.nat(3)), model: fc.constantFrom(...MODELS, 'x.unknown') }), {
      maxLength: 6,
    }),
    direct: fc.array(fc.tuple(fc.constantFrom(...SCOPES), fc.constantFrom(...MODELS, 'x.unknown')), { maxLength: 6 }),
    nobodys: fc.array(fc.constantFrom('lost1', 'lost2'), { maxLength: 2 }),
  })
  .map(({ deployed, byHand, direct, nobodys }) => {
    const environments = deployed.map((models, index) => ({
      name: `env${index}`,
      models: models.map((modelId): MeteredModel => ({
        id: modelId,
        modelId,
        calledId: modelId,
        metricIds: [`own${index}${modelId.replace('.', '')}`],
        tier: 'small',
        price: PRICE,
      })),
    }));
    const own = environments.flatMap(({ name, models }) =>
      models.map(({ metricIds: [id = ''], modelId }) => ({ id, environment: name, modelIds: [modelId] })),
    );
    const others = byHand.map(({ owner, model }, index) => ({
      id: `byhand${index}`,
      modelIds: [model],
      ...(owner === null ? {} : { environment: `env${owner}` }),
    }));
    const profiles: readonly TaggedProfile[] = [...own, ...others];
    const called = direct.map(([scope, model]) => `${scope}${model}`);
    return { environments, profiles, seen: [...new Set([...profiles.map(({ id }) => id), ...called, ...nobodys])] };
  });

function inputOf(
  { environments, profiles, seen }: Account,
  index: number,
  metering: Metering,
  earlier: Readonly<Record<string, Remembered>> = {},
): ResolveInput {
  const { name, models } = environments[index]!;
  const prices = new Map(
    MODELS.flatMap((baseId) => SCOPES.map((scope) => [`${scope}${baseId}`, { baseId, price: PRICE }])),
  );
  return { environment: name, metering, models, profiles, earlier, seen, prices, dearest: DEAREST };
}

const isCounted = (input: ResolveInput) => {
  const { classes } = resolveUsage(input);
  return (id: string) => ['ours', 'listed', 'unattributed'].includes(classes[id]?.kind ?? '');
};

test.each(['profiles', 'account'] as const)(
  'metering %s: every id is in exactly one class, and its tokens in one place',
  (metering) => {
    fc.assert(
      fc.property(account, (world) => {
        const usage = resolveUsage(inputOf(world, 0, metering));
        const used = world.seen.map((modelId) => series({ modelId }, [['2026-11-10T12:00', 1]]));
        const found = assess(reading(NOW, ...used), usage, undefined, NOW);
        if (found.kind === 'unknown') throw new Error(found.why);
        const places = [
          ...[...found.byModel, ...found.foreign, ...found.unguarded].map(({ metricId }) => metricId),
          ...found.findings.filter(({ kind }) => kind === 'unresolved').map(({ text }) => text.split(/[ :]/)[1]),
        ];
        expect(places.sort()).toEqual([...world.seen].sort());
        // What has no price anywhere is said, and nothing else makes a lower bound but what nobody can tell.
        expect(found.lowerBound).toBe(found.findings.some(({ kind }) => kind === 'unlisted' || kind === 'unresolved'));
        expect(found.findings.filter(({ kind }) => kind === 'unlisted')).toHaveLength(found.unattributed.length);
      }),
    );
  },
);

test('metering the account leaves nothing out but what another environment claims', () => {
  fc.assert(
    fc.property(account, (world) => {
      const counts = isCounted(inputOf(world, 0, 'account'));
      const claimed = world.profiles.filter(({ environment }) => environment !== undefined && environment !== 'env0');
      expect(world.seen.filter((id) => !counts(id)).sort()).toEqual(claimed.map(({ id }) => id).sort());
    }),
  );
});

test('one environment meters the account, the others their profiles: no id is counted twice, and every one once', () => {
  fc.assert(
    fc.property(account, (world) => {
      const counts = world.environments.map((_, index) =>
        isCounted(inputOf(world, index, index === 0 ? 'account' : 'profiles')),
      );
      for (const id of world.seen) {
        const owner = world.profiles.find((one) => one.id === id)?.environment;
        // An environment of another account, or one that is gone.
        const isElsewhere = owner !== undefined && !world.environments.some(({ name }) => name === owner);
        expect([id, counts.filter((count) => count(id)).length]).toEqual([id, isElsewhere ? 0 : 1]);
      }
    }),
  );
});

test('and so it stays when profiles are deleted by hand, as far as both have seen them', () => {
  fc.assert(
    fc.property(account, (world) => {
      const remember = (index: number): Readonly<Record<string, Remembered>> => {
        const { name } = world.environments[index]!;
        const entries = world.profiles.flatMap(
          ({ id, environment, modelIds: [modelId = ''] }): [string, Remembered][] => {
            const isOthers = environment !== undefined && environment !== name;
            if (isOthers) return [[id, { kind: 'foreign', owner: environment }]];
            return environment === name || index === 0 ? [[id, { kind: 'base', modelId }]] : [];
          },
        );
        return Object.fromEntries(entries);
      };
      const deleted = { ...world, profiles: [] };
      const counts = world.environments.map((_, index) =>
        isCounted(inputOf(deleted, index, index === 0 ? 'account' : 'profiles', remember(index))),
      );
      for (const id of world.seen) expect([id, counts.filter((count) => count(id)).length <= 1]).toEqual([id, true]);
    }),
  );
});
