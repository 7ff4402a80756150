import { MINUTE_MS } from '../../../core/calendar';
import { usd } from '../../../core/money';
import { unmeteredText } from '../../../core/metering';
import { CliWorld, spent } from '../world';

const DEV = ['--env', 'dev'];

describe('status', () => {
  test('says what holds and what is spent, by model; open is nothing that needs attention', async () => {
    const world = await spent(40);
    const { exitCode, stdout } = await world.run('status', ...DEV);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('open, as of');
    expect(stdout).toContain('$40.00, 40.0% of $100.00');
    expect(stdout).toContain('amazon.nova-lite-v1:0 in us-east-1: 40000000 in, 0 out');
  });

  test('stopped needs attention, and says why; as JSON too', async () => {
    const world = await spent(96);
    const { exitCode, stdout } = await world.run('status', ...DEV);
    expect(exitCode).toBe(4);
    expect(stdout).toContain('because           spend 96.0% >= 95.0%');
    const { json } = await world.run('status', ...DEV, '--json');
    expect(json()).toMatchObject({
      schemaVersion: 1,
      environments: [{ environment: 'dev', desired: 'stopped', monthToDate: usd(96), limit: usd(100), stale: false }],
    });
  });

  test('a meter that has said nothing for ten minutes is stale, at ten it is not', async () => {
    const world = await spent(1);
    const said = (await world.meter.state.latest('2026-11' as never))?.decision.at ?? 0;
    world.now = said + 10 * MINUTE_MS;
    expect((await world.run('status', ...DEV)).exitCode).toBe(0);
    world.now += 1;
    const { exitCode, stdout } = await world.run('status', ...DEV);
    expect(exitCode).toBe(4);
    expect(stdout).toContain('spend-meter-missing-runs');
  });

  test('who is stopped and not metered is named, with the remedy; nobody where nobody is named', async () => {
    const world = await spent(1);
    const named = ['--config', 'test/fixtures/named-principals.ts'];
    const { exitCode, stdout } = await world.run('status', ...DEV, ...named);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(unmeteredText(['role app', 'user bot', 'group data']));
    const { json } = await world.run('status', ...DEV, ...named, '--json');
    expect(json().environments[0].guardedUnmetered).toEqual(['role app', 'user bot', 'group data']);
    expect((await world.run('status', ...DEV)).stdout).not.toContain('not metered');
    expect((await new CliWorld().run('status', ...DEV, ...named)).stdout).toContain('  not metered       role app');
  });

  test('a meter that has never run is said to be so', async () => {
    const { exitCode, stdout } = await new CliWorld().run('status', ...DEV);
    expect(exitCode).toBe(4);
    expect(stdout).toContain('the meter has not run yet');
  });
});

describe('stop', () => {
  test('denies everybody at once, and is in the status until it is resumed', async () => {
    const world = await spent(1);
    const { exitCode, stdout } = await world.run('stop', ...DEV, '--reason', 'incident 7');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('dev is now stopped: ordered by ana: incident 7');
    expect(await world.meter.denied()).toHaveLength(3);
    expect((await world.run('status', ...DEV)).stdout).toContain('stop by ana');
    world.now += MINUTE_MS;
    expect((await world.run('resume', ...DEV, '--reason', 'over')).exitCode).toBe(0);
    expect(await world.meter.denied()).toEqual([]);
    expect(world.meter.state.audit().map(({ kind }) => kind)).toEqual(['stop', 'override']);
  });

  test('without a reason nothing is done', async () => {
    const world = await spent(1);
    const { exitCode, stderr } = await world.run('stop', ...DEV);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--reason: must say why');
    expect(world.meter.state.audit()).toEqual([]);
  });

  test('a tick that is under way is waited for', async () => {
    const world = await spent(1);
    const state = (await world.meter.state.latest('2026-11' as never))!;
    await world.meter.state.save(
      { ...state, revision: state.revision + 1, claimedUntil: world.now + 15_000 },
      state.revision,
    );
    const { exitCode, stdout } = await world.run('stop', ...DEV, '--reason', 'incident');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('now stopped');
    expect(world.slept).toBe(20_000);
  });
});

describe('resume', () => {
  const RESUME = ['resume', ...DEV, '--reason', 'launch'];

  test('above the stop line it needs --until and --limit; nothing is done without', async () => {
    const world = await spent(96);
    const { exitCode, stderr } = await world.run(...RESUME);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--until: must be given, since $96.00 is spent and the stop line is $95.00');
    expect(stderr).toContain('--limit: must be given');
    expect(await world.meter.denied()).toHaveLength(3);
  });

  test('with both everybody is let go, by mail and with its end', async () => {
    const world = await spent(96);
    const { exitCode, stdout } = await world.run(...RESUME, '--limit', '150', '--until', '6h');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('dev is now open: override by ana: launch');
    expect(await world.meter.denied()).toEqual([]);
    expect(world.meter.subjects().some((subject) => subject.includes('override until'))).toBe(true);
  });

  test.each([
    [['--limit', '96', '--until', '6h'], 'limit: must exceed what is spent ($96.00), got $96.00'],
    [['--limit', 'much', '--until', '6h'], '--limit much: not an amount'],
    [['--limit', '150', '--until', 'tomorrow'], '--until tomorrow: not a time'],
    [['--limit', '150', '--until', '2026-11-30T18:00'], 'a time with its zone'],
    [['--limit', '150', '--until', '2020-01-01T00:00Z'], 'until: must be in the future'],
    [['--limit', '150', '--until', '800h'], '--until 800h: not a duration'],
  ])('%j is refused, with what is allowed, and nothing is done', async (args, expected) => {
    const world = await spent(96);
    const { exitCode, stderr } = await world.run(...RESUME, ...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(expected);
    expect(world.meter.state.audit()).toEqual([]);
  });

  test('without --env it does not guess', async () => {
    const { exitCode, stderr } = await (await spent(96)).run('resume', '--reason', 'x');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('this command acts on one environment');
  });

  test('production asks; a no changes nothing', async () => {
    const world = await spent(1);
    world.deployed = world.deployed.map((one) => ({ ...one, name: one.name.replace('-dev-', '-prod-') }));
    world.answers = ['no'];
    const { exitCode } = await world.run('stop', '--env', 'prod', '--reason', 'incident');
    expect(exitCode).toBe(3);
    expect(world.meter.state.audit()).toEqual([]);
  });
});

describe('plan', () => {
  test('under every line it stays open', async () => {
    const { exitCode, stdout } = await (await spent(5)).run('plan', ...DEV);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('dev stays open: spent 10.0% of $50.00');
    expect(stdout).toContain('estimated overshoot');
  });

  test('a limit below what is spent would stop, after the grace period; the deployed limit stands beside it', async () => {
    const { exitCode, stdout } = await (await spent(61)).run('plan', ...DEV);
    expect(exitCode).toBe(4);
    expect(stdout).toContain('limit $100.00 -> $50.00');
    expect(stdout).toMatch(/would stop dev at 2026-\d\d-\d\d \d\d:\d\d UTC, after paging/);
  });

  test('asking sends nothing and changes nothing', async () => {
    const world = await spent(61);
    const before = [world.meter.mail.sent.length, (await world.meter.state.latest('2026-11' as never))?.revision];
    await world.run('plan', ...DEV);
    expect([world.meter.mail.sent.length, (await world.meter.state.latest('2026-11' as never))?.revision]).toEqual(
      before,
    );
  });

  test('a meter that has read nothing leaves it unknown', async () => {
    const { exitCode, stdout } = await new CliWorld().run('plan', ...DEV);
    expect(exitCode).toBe(4);
    expect(stdout).toContain('is unknown');
  });
});
