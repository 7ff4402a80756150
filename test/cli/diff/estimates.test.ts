import { overshootText, ownCostText, readEstimates } from '../../../cli/diff/estimates';
import { readAssembly } from '../../../cli/diff/assembly';
import { ESTIMATES_METADATA, type Estimates } from '../../../core/estimates/assembly-metadata';
import { usd } from '../../../core/money';
import { selfCost } from '../../../core/estimates/self-cost';
import { countsOf } from '../../helpers/counts';
import { environmentOf } from '../../helpers/stack';
import { assemblyOf, removeAssemblies } from '../assemblies';

afterAll(removeAssemblies);

const stack = (...metadata: readonly (readonly [string, unknown])[]) => ({
  name: 'x',
  environment: 'x',
  template: {},
  settings: new Map(),
  code: new Map(),
  unread: [],
  metadata: new Map(metadata),
});

test('an assembly holds what synth estimated, and no template does', () => {
  const [read] = readAssembly(
    assemblyOf(({ dev }) => ({ dev })),
    'HEAD',
  );
  expect(readEstimates(read!)).toMatchObject({
    kind: 'known',
    estimates: { ownCost: selfCost(countsOf(environmentOf('dev'))) },
  });
  expect(JSON.stringify(read!.template)).not.toContain(ESTIMATES_METADATA);
});

test.each([
  ['an output of before', [], 'the version that synthesized it does not write it'],
  ['an output of later', [[ESTIMATES_METADATA, { schemaVersion: 2 }]], 'by a version that this one does not know'],
] as const)('%s: unknown, never nothing', (_, metadata, why) => {
  const reading = readEstimates(stack(...metadata));
  expect(reading).toEqual({ kind: 'unknown', why: expect.stringContaining(why) });
  expect([ownCostText(reading), overshootText(reading)]).toEqual([
    expect.stringMatching(/^unknown \(/),
    expect.stringMatching(/^unknown \(/),
  ]);
});

test.each<[Estimates['overshoot'], string]>([
  [{ known: { amount: usd(12), percentOfLimit: 24 }, unknownModels: [] }, '$12.00, 24.0% of the limit'],
  [
    { known: { amount: usd(12), percentOfLimit: 24 }, unknownModels: ['a', 'b'] },
    '$12.00, 24.0% of the limit, and more by a, b',
  ],
  [{ known: 'unknown', unknownModels: ['a'] }, 'unknown (no model has a known quota)'],
])('overshoot %p', (overshoot, text) => {
  const reading = readEstimates(stack([ESTIMATES_METADATA, { schemaVersion: 1, ownCost: [], overshoot }]));
  expect(overshootText(reading)).toBe(text);
});
