import { EXIT_CODES } from '../../cli/exit-codes';
import { CliWorld } from './world';

describe('production asks', () => {
  const restore = ['concurrency', 'restore', '--env', 'prod'];
  const inProd = () => {
    const world = new CliWorld();
    world.deployed = world.deployed.map((one) => ({ ...one, name: one.name.replace('dev', 'prod') }));
    return world;
  };

  test.each([['n'], [''], ['yeah'], ['prod']])('%p declines: exit 3, nothing done', async (answer) => {
    const world = inProd();
    world.answers = [answer];
    const { exitCode, stdout, stderr } = await world.run(...restore);
    expect(exitCode).toBe(EXIT_CODES.declined);
    expect(stderr).toContain('Declined: nothing was done.');
    expect([stdout, world.invoked]).toEqual(['', []]);
  });

  test('without a terminal it is declined too, and the fix named', async () => {
    const world = inProd();
    const { exitCode, stderr } = await world.run(...restore);
    expect(exitCode).toBe(EXIT_CODES.declined);
    expect(stderr).toContain('add --yes to go ahead');
    expect(world.invoked).toEqual([]);
  });

  test.each([['y'], [' YES ']])('%p goes ahead', async (answer) => {
    const world = inProd();
    world.answers = [answer];
    expect((await world.run(...restore)).exitCode).toBe(EXIT_CODES.ok);
    expect(world.invoked).not.toEqual([]);
  });

  test('--yes does not ask, and other environments do not either', async () => {
    const world = inProd();
    expect((await world.run(...restore, '--yes')).exitCode).toBe(EXIT_CODES.ok);
    const dev = new CliWorld();
    expect((await dev.run('concurrency', 'restore', '--env', 'dev')).exitCode).toBe(EXIT_CODES.ok);
    expect([...world.asked, ...dev.asked]).toEqual([]);
  });
});
