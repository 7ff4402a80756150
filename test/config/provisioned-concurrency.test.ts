import shipped from '../../config/budget-tiers';
import { loadGuard } from '../../config/load';
import type { GuardInput } from '../../config/schema';
import { floorOf } from '../../core/concurrency/target';

const NOW = Date.parse('2026-11-23T00:00:00Z');

function load(entry: object) {
  const environments = structuredClone(shipped.environments) as Record<string, object>;
  environments['dev'] = { ...environments['dev'], provisionedConcurrency: [{ functionName: 'models', ...entry }] };
  const loaded = loadGuard({ ...shipped, environments } as GuardInput, NOW);
  return loaded.environments.find(({ name }) => name === 'dev')!.provisionedConcurrency[0]!;
}

test('by a stop only, all aliases and versions, down to 0, unless said otherwise', () => {
  expect(load({})).toEqual({ functionName: 'models', optional: false, declaredElsewhere: false });
});

test('everything that can be said is kept', () => {
  const entry = {
    optional: true,
    qualifiers: ['live', '7'],
    idleMinutes: 15,
    declaredElsewhere: true,
    allowZero: 'why',
  };
  expect(load(entry)).toEqual({ functionName: 'models', ...entry });
});

test.each([
  [{}, 0],
  [{ declaredElsewhere: true }, 1],
  [{ declaredElsewhere: true, allowZero: 'ours' }, 0],
  [{ allowZero: 'ours' }, 0],
])('trap 24: %p is lowered to %i', (entry, floor) => {
  expect(floorOf(load(entry))).toBe(floor);
});

test.each([
  [{ idleMinutes: 14 }, /provisionedConcurrency\[0\]\.idleMinutes: must be at least 15, got 14/],
  [{ idleMinutes: 10_081 }, /idleMinutes: must be at most 10080, got 10081/],
  [{ idleMinutes: 15.5 }, /idleMinutes: must/],
  [{ qualifiers: [] }, /qualifiers: must/],
  [{ qualifiers: ['$LATEST'] }, /qualifiers\[0\]: must be an alias.*got '\$LATEST'/],
  [{ qualifiers: ['*'] }, /qualifiers\[0\]: must be an alias/],
  [{ allowZero: '' }, /allowZero: must/],
])('%p is refused', (entry, expected) => {
  expect(() => load(entry)).toThrow(expected);
});
