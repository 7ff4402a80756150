import { EXIT_CODES } from '../../cli/exit-codes';
import { CliWorld } from './world';

test('in this repository the shipped config is the one to edit', async () => {
  for (const args of [[], ['--yes'], ['--force', '--look', '--limit', '5']]) {
    const world = new CliWorld();
    const { exitCode, stderr } = await world.run('init', ...args);
    expect(stderr).toBe(
      'init: in this repository config/budget-tiers.ts is the config: edit it, and deploy with npx cdk deploy; init is for an app that has installed the package\n',
    );
    expect({ exitCode, asked: world.asked, regions: world.regions }).toEqual({
      exitCode: EXIT_CODES.usage,
      asked: [],
      regions: [],
    });
  }
});
