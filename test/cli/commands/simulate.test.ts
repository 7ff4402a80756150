import { simulate } from '../../../cli/commands/simulate';
import { EXIT_CODES } from '../../../cli/exit-codes';
import { SHIPPED_CONFIG } from '../../../config/home';
import { loadGuard } from '../../../config/load';
import shipped from '../../../config/budget-tiers';
import type { SynthResult } from '../../../simulator/synth';
import { readAssembly } from '../../../simulator/template/assembly';
import { assemblyOf, removeAssemblies } from '../assemblies';

afterAll(removeAssemblies);

const play = (synthesized: () => SynthResult) => {
  const said: string[] = [];
  const result = simulate(
    { scenarios: ['billing-error'], env: 'dev', seed: '1' },
    { progress: (text) => said.push(text), synth: async () => synthesized() },
  );
  return { result, said };
};

const dev = (): SynthResult => ({
  kind: 'done',
  stacks: readAssembly(assemblyOf(({ dev: one }) => ({ dev: one }))),
  notices: [],
});

test('plays a scenario: the same text as npm start, and the same month as data', async () => {
  const { result, said } = play(dev);
  const { exitCode, lines, data } = await result;
  expect(exitCode).toBe(EXIT_CODES.ok);
  expect(lines).toContainEqual(expect.stringMatching(/\(billing-error\)$/));
  const { limit } = loadGuard(shipped, 0).environments[0]!;
  expect(JSON.parse(JSON.stringify(data))).toMatchObject({
    seed: 1,
    scenarios: [{ scenario: 'billing-error', violations: [], environments: [{ environment: 'dev', limit }] }],
  });
  expect(JSON.stringify(data)).toMatch(/"at":"2026-03-\d\dT/);
  expect(JSON.stringify(data)).not.toMatch(/Ms":/);
  expect(said).toEqual([`Synthesizing the stacks of ${SHIPPED_CONFIG}`, 'Playing billing-error']);
});

test('an app that does not synthesize is told in its own words', async () => {
  const { result } = play(() => ({ kind: 'failed', output: 'config/budget-tiers.ts: 1 problem', exitCode: 1 }));
  await expect(result).rejects.toMatchObject({
    code: 'SYNTH_FAILED',
    message: 'The CDK app did not synthesize (exit code 1):\nconfig/budget-tiers.ts: 1 problem',
  });
});
