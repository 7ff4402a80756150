import { ownCost } from '../../../cli/diff/own-cost';
import { readAssembly } from '../../../cli/diff/assembly';
import { SELF_COST_METADATA } from '../../../core/assembly-metadata';
import { selfCost } from '../../../core/self-cost';
import { countBillable } from '../../../lib/self-cost';
import { assemblyOf, removeAssemblies } from '../assemblies';

afterAll(removeAssemblies);

test('an assembly says what synth counted, item by item', () => {
  const { folder, stacks } = assemblyOf(({ dev }) => ({ dev }));
  const [read] = readAssembly(folder, 'HEAD');
  expect(ownCost(read!)).toMatchObject({ kind: 'known', items: selfCost(countBillable(stacks[0]!)) });
});

test.each([
  ['an output of before', [], 'the version that synthesized it does not write it'],
  ['an output of later', [[SELF_COST_METADATA, { schemaVersion: 2 }]], 'by a version that this one does not know'],
] as const)('%s: unknown, never nothing', (_, metadata, why) => {
  const stack = { name: 'x', environment: 'x', template: {}, metadata: new Map<string, unknown>(metadata) };
  expect(ownCost(stack)).toEqual({ kind: 'unknown', why: expect.stringContaining(why) });
});
