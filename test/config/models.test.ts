import * as fc from 'fast-check';
import { catalogue, findModel, routeFrom, type CatalogueModel } from '../../config/models';
import { libraryPrice } from '../../config/price-library';
import { regions } from '../../config/regions';

const HOME = 'us-east-1';

const offered = catalogue.filter(({ lifecycle }) => lifecycle.status !== 'notOffered');
const calledIds = (model: CatalogueModel) => [
  ...(model.onDemandRegions.length > 0 ? [model.id] : []),
  ...new Set(model.crossRegion.map(({ profileId }) => profileId)),
];

function model(id: string): CatalogueModel {
  const found = findModel(id);
  if (!found) throw new Error(`not in the catalogue: ${id}`);
  return found;
}

describe('finding a model', () => {
  it.each(catalogue.map(({ id }) => id))('%s is found under its exact id', (id) => {
    expect(findModel(id)?.id).toBe(id);
  });

  it('has every id once', () => {
    expect(new Set(catalogue.map(({ id }) => id)).size).toBe(catalogue.length);
  });

  it('finds nothing one character off', () => {
    const ids = fc.constantFrom(...catalogue.map(({ id }) => id));
    fc.assert(
      fc.property(
        ids,
        fc.nat(),
        fc.constantFrom('x', 'X', '0', '-', ':', ' ', ''),
        fc.boolean(),
        (id, at, by, insert) => {
          const where = at % (id.length + 1);
          const other = id.slice(0, where) + by + id.slice(where + (insert ? 0 : 1));
          fc.pre(!catalogue.some((one) => one.id === other));
          expect(findModel(other)).toBeUndefined();
        },
      ),
    );
  });

  it.each(['', 'us.amazon.nova-lite-v1:0', 'amazon.nova-lite', 'Nova Lite', 'AMAZON.NOVA-LITE-V1:0', 'constructor'])(
    "finds nothing under '%s'",
    (id) => {
      expect(findModel(id)).toBeUndefined();
    },
  );
});

describe('what the catalogue promises', () => {
  it.each(offered.map((one) => [one.id, one] as const))('%s says which document of which date it is from', (_, one) => {
    expect(one.source).toMatch(/https:\/\/docs\.aws\.amazon\.com\/bedrock\/\S+, read 20\d\d-\d\d-\d\d/);
  });

  it('says of a model that is not offered where that is from', () => {
    expect(model('meta.codellama-34b-instruct-v1:0').source).toMatch(/shared facts of November 2026/);
  });

  it.each(catalogue.filter(({ lifecycle }) => lifecycle.status !== 'active').map((one) => [one.id, one] as const))(
    '%s has a replacement that is active and can be called, at a known price, from us-east-1',
    (_, one) => {
      const instead = model(one.replacement ?? '');
      expect(instead.lifecycle.status).toBe('active');
      expect(instead.soldThroughMarketplace).toBe(false);
      const route = routeFrom(instead, HOME);
      expect(route).toBeDefined();
      const calledId = route?.via === 'crossRegion' ? route.profileId : instead.id;
      expect(libraryPrice(calledId, instead)).toHaveProperty('price');
    },
  );

  it('replaces nothing that needs no replacement, so no chain is longer than one step', () => {
    for (const { lifecycle, replacement } of catalogue) {
      expect(replacement === undefined).toBe(lifecycle.status === 'active');
    }
  });

  it('gives every end of life as a day of the calendar', () => {
    for (const { lifecycle } of catalogue) {
      if (lifecycle.status !== 'legacy') continue;
      expect(new Date(`${lifecycle.endOfLife}T00:00:00Z`).toISOString().slice(0, 10)).toBe(lifecycle.endOfLife);
    }
  });

  it.each(['meta.llama3-1-8b', 'meta.llama3-1-70b', 'meta.llama3-3-70b'])(
    '%s is Legacy until 2027-03-30 (trap 8)',
    (id) => {
      expect(model(`${id}-instruct-v1:0`).lifecycle).toEqual({ status: 'legacy', endOfLife: '2027-03-30' });
    },
  );

  it('calls nothing that is not offered', () => {
    for (const one of catalogue) {
      expect(calledIds(one).length > 0).toBe(one.lifecycle.status !== 'notOffered');
    }
  });

  it('knows every Region it names', () => {
    for (const one of catalogue) {
      const named = [
        ...one.onDemandRegions,
        ...(one.unpricedRegions ?? []),
        ...one.crossRegion.flatMap(({ sourceRegions, destinationRegions }) => [
          ...sourceRegions,
          ...destinationRegions,
        ]),
      ];
      expect(named.filter((region) => !Object.hasOwn(regions, region))).toEqual([]);
    }
  });
});

describe('the route from a Region', () => {
  const llama = model('meta.llama3-1-70b-instruct-v1:0');
  const novaLite = model('amazon.nova-lite-v1:0');
  const gptOss = model('openai.gpt-oss-120b-1:0');
  const US = ['us-east-1', 'us-east-2', 'us-west-2'];

  it.each(['us-east-1', 'us-east-2'])('takes Llama 3.1 70B through its profile from %s', (region) => {
    expect(routeFrom(llama, region)).toEqual({
      via: 'crossRegion',
      modelId: 'meta.llama3-1-70b-instruct-v1:0',
      profileId: 'us.meta.llama3-1-70b-instruct-v1:0',
      destinationRegions: US,
    });
  });

  it('goes on demand where both are possible', () => {
    expect(routeFrom(llama, 'us-west-2')).toEqual({ via: 'onDemand', modelId: 'meta.llama3-1-70b-instruct-v1:0' });
  });

  it.each(['us-west-1', 'ca-central-1', 'eu-central-1', 'us-east-1 ', ''])("has none for Llama from '%s'", (region) => {
    expect(routeFrom(llama, region)).toBeUndefined();
  });

  it('takes the profile of the geography that the Region is in', () => {
    expect(routeFrom(novaLite, 'eu-west-1')).toMatchObject({ profileId: 'eu.amazon.nova-lite-v1:0' });
    expect(routeFrom(novaLite, 'us-west-1')).toMatchObject({ profileId: 'us.amazon.nova-lite-v1:0' });
  });

  it('gives the destinations of the source Region, which may be more than its neighbours have', () => {
    expect(routeFrom(novaLite, 'us-west-1')).toMatchObject({ destinationRegions: [...US, 'us-west-1'] });
    expect(routeFrom(model('amazon.nova-2-lite-v1:0'), 'us-east-1')).toMatchObject({ destinationRegions: US });
  });

  it('does not start a call where a profile only ends', () => {
    expect(routeFrom(model('amazon.nova-2-lite-v1:0'), 'ap-northeast-1')).toMatchObject({
      destinationRegions: ['ap-northeast-1', 'ap-northeast-3'],
    });
    expect(routeFrom(model('amazon.nova-2-lite-v1:0'), 'ap-northeast-3')).toBeUndefined();
  });

  it('has none where the model is offered at a price that the library does not know', () => {
    expect(gptOss.unpricedRegions).toContain('eu-central-1');
    expect(routeFrom(gptOss, 'eu-central-1')).toBeUndefined();
    expect(routeFrom(gptOss, 'us-east-1')).toEqual({ via: 'onDemand', modelId: 'openai.gpt-oss-120b-1:0' });
  });

  it('calls a model on demand or unpriced, never both, and never through a global profile', () => {
    for (const one of catalogue) {
      expect(one.onDemandRegions.filter((region) => one.unpricedRegions?.includes(region))).toEqual([]);
      for (const { profileId } of one.crossRegion) {
        expect(profileId).toMatch(/^(us|eu|au|jp)\./);
        expect(profileId.slice(3)).toBe(one.id);
      }
    }
  });

  it('has a maximum of the answer only with the document that gives it, and no smaller than the usual limit', () => {
    const known = catalogue.flatMap(({ maxOutput }) => (maxOutput ? [maxOutput] : []));
    expect(known.length).toBeGreaterThan(0);
    for (const { tokens, source } of known) {
      expect(tokens).toBeGreaterThanOrEqual(2_048);
      expect(source).toMatch(/Max output tokens.*read \d{4}-\d{2}-\d{2}$/);
    }
  });

  it('lets every source Region of a profile be answered at home, and lists it once', () => {
    for (const one of catalogue) {
      const sources = one.crossRegion.flatMap(({ sourceRegions }) => sourceRegions);
      expect(new Set(sources).size).toBe(sources.length);
      for (const { sourceRegions, destinationRegions } of one.crossRegion) {
        expect(destinationRegions).toEqual(expect.arrayContaining([...sourceRegions]));
        expect(new Set(destinationRegions).size).toBe(destinationRegions.length);
      }
    }
  });
});
