import path from 'node:path';
import { ENVIRONMENT_BUDGET } from '../../core/shared-budgets';
import { Applications, type Environment } from './client/applications';
import { ROOT } from '../../local/python';
import { checkBudget } from '../helpers/ledger-invariants';
import { levels } from './client/levels';

/** Eight processes of one application, each with forty callers; three are killed in the middle of their work. */
const CROWD = { processes: 8, callersEach: 40, killed: 3 };
const LIMIT = 1_000_000_000;

let applications: Applications;
beforeAll(async () => {
  applications = await Applications.start('exact', 'lease', 'example', 'levels');
});
afterAll(() => applications?.stop());

describe('the examples, with the config that `spend-guard client-config` writes', () => {
  let file: string;
  beforeAll(async () => {
    await applications.tick('example');
    file = path.join(applications.aws.work.inside('tmp'), 'client.json');
    const asked = [
      '--env',
      'example',
      '--config',
      'test/e2e/client/tiers.ts',
      '--app',
      applications.cdk.folder,
      '--out',
      file,
    ];
    expect(await applications.run([path.join(ROOT, 'bin/spend-guard.js'), 'client-config', ...asked])).toContain(
      `wrote ${file}`,
    );
  });

  test.each([
    ['converse', ['allowed', 'settled', 'cached']],
    ['stream', ['allowed', 'settled']],
    // No Ollama listens here: the small model answers for it.
    // Its second request sets no maxTokens: the model's own maximum is in the catalogue, so nothing is guessed, and nothing warned of.
    ['tiers', ['allowed', 'rerouted', 'allowed', 'rerouted', 'allowed', 'settled', 'allowed', 'settled']],
  ])('%s', async (name, events) => {
    const printed = await applications.run(['-r', 'tsx/cjs', `client/examples/${name}.ts`, file]);
    // Between them stands the text of the models.
    const told = [...printed.matchAll(/{"name":"(\w+)"/g)].map(([, event]) => event);
    expect(told).toEqual(events);
    expect(printed).toContain('ministack');
  });
});

describe.each(['exact', 'lease'])('%s: the plugin in eight processes, under the role of the environment', (name) => {
  let environment: Environment;
  let killed: readonly number[];
  beforeAll(async () => {
    environment = await applications.prepared(name);
    killed = await applications.crowd(environment, CROWD);
  });

  test('no more is billed than the limit, and what was not used is what the killed may have used', async () => {
    const { billed, calls } = await applications.bill(environment);
    const { spent, held, remaining } = await ledger(environment);
    expect(spent + held + remaining).toBe(LIMIT);
    expect(billed).toBeLessThanOrEqual(LIMIT);
    // A call that was in flight when its process was killed may have been billed: it is held until it runs out.
    expect(billed).toBeGreaterThanOrEqual(spent);
    expect(billed).toBeLessThanOrEqual(spent + held);
    expect((spent + held) / LIMIT).toBeGreaterThan(0.99);
    expect(calls).toBeGreaterThan(1_000);
  });

  test('the killed were at work', () => {
    expect(killed).toHaveLength(CROWD.killed);
    for (const answered of killed) expect(answered).toBeGreaterThan(10);
  });
});

describe('budgets within budgets', () => levels(() => applications));

/** What the leases table says of the environment's own budget, added up. */
async function ledger(environment: Environment) {
  const root = { path: ENVIRONMENT_BUDGET, period: 'month' as const };
  return checkBudget((await applications.item(environment, root)) ?? {});
}
