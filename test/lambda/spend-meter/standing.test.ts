import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { usd } from '../../../core/money';
import { throttled } from '../../contracts/throttled';
import { LARGE, SMALL, SpendMeterWorld, SWITCH_ARN } from '../../helpers/spend-meter-world';
import { installed } from './installed';

const START = '2026-11-10T12:00:00Z';
const told = (world: SpendMeterWorld) => world.standings.standings;
const hub = (world: SpendMeterWorld) => world.metrics.records.map(({ fields }) => fields['hub']);

test('nobody is told where there is no hub', async () => {
  const world = await installed(START);
  world.spend(96, LARGE);
  await world.run(30);
  expect(told(world)).toEqual([]);
});

test('what the hub is told: how the environment stands, whole', async () => {
  const world = await installed(START, { HUB: 'true' });
  world.spend(10);
  await world.run(10);
  expect(told(world).at(-1)).toEqual({
    schemaVersion: 1,
    environment: 'dev',
    month: '2026-11',
    at: expect.stringMatching(/^2026-11-\d\dT\d\d:\d\d:00\.000Z$/),
    asOf: expect.stringMatching(/^2026-11-\d\dT/),
    desired: 'open',
    enforced: 'open',
    spentNano: usd(10),
    atLeast: false,
    limitNano: usd(100),
    blind: false,
    enforce: true,
    reason: expect.any(String),
    guardVersion: '1.2.3',
  });
});

test('at once of a stop, with what is in effect', async () => {
  const world = await installed(START, { HUB: 'true' });
  world.spend(96);
  await world.run(10);
  const stopped = told(world).filter(({ desired }) => desired === 'stopped');
  expect(stopped).toMatchObject([{ enforced: 'stopped', spentNano: usd(96) }]);
});

test('a dry run is told as one: what is decided, and that nothing is in effect', async () => {
  const world = await installed(START, { HUB: 'true', ENFORCE: 'false' });
  world.spend(96);
  await world.run(10);
  expect(told(world).at(-1)).toMatchObject({ desired: 'stopped', enforced: 'open', enforce: false });
});

test('where nobody knows which version is in effect, that is unknown', async () => {
  const world = await installed(START, { HUB: 'true' });
  await world.run(2);
  world.switchVersions.list = async () => {
    throw throttled();
  };
  await world.tick().catch(() => undefined);
  expect(told(world).at(-1)).toMatchObject({ enforced: 'unknown' });
});

test('unknown is null and never zero, and later a lower bound', async () => {
  const blind = new SpendMeterWorld(START, { HUB: 'true' });
  await blind.deploySwitch();
  blind.usage.failures.set('us-east-1', 'down');
  await blind.tick();
  expect(told(blind)).toMatchObject([{ spentNano: null, asOf: null, atLeast: true }]);

  const world = await installed(START, { HUB: 'true' });
  world.spend(10);
  await world.run(10);
  world.usage.failures.set('us-east-1', 'down');
  await world.run(20);
  expect(told(world).at(-1)).toMatchObject({ spentNano: usd(10), atLeast: true, blind: true });
});

test('nothing new is told each hour, as a sign of life, and no more often', async () => {
  const world = await installed(START, { HUB: 'true' });
  world.spend(1);
  await world.run(30);
  const before = told(world).length;
  await world.run(180);
  const times = told(world)
    .slice(before - 1)
    .map(({ at }) => Date.parse(at));
  expect(times.slice(1).map((at, index) => at - times[index]!)).toEqual([HOUR_MS, HOUR_MS, HOUR_MS]);
});

test('a process that starts cold tells it again', async () => {
  const world = await installed(START, { HUB: 'true' });
  await world.run(5);
  const before = told(world).length;
  world.hubMemory = {};
  await world.tick();
  expect(told(world)).toHaveLength(before + 1);
});

test('a bus that refuses fails no tick: it stands in the record, and the next tick tells it', async () => {
  const world = await installed(START, { HUB: 'true' });
  await world.run(2);
  world.hubMemory = {};
  world.standings.failure = throttled();
  const before = told(world).length;
  expect(await world.tick()).toMatchObject({ kind: 'done' });
  expect(hub(world).at(-1)).toBe('not told: ThrottlingException');
  world.standings.failure = undefined;
  world.now += MINUTE_MS;
  await world.tick();
  expect(hub(world).at(-1)).toBe('told');
  expect(told(world)).toHaveLength(before + 1);
});

test('told also by a tick whose acting has failed', async () => {
  const world = await installed(START, { HUB: 'true' });
  await world.run(2);
  world.mail.failure = throttled();
  world.spend(96);
  for (let at = 0; at < 10; at++) {
    await world.tick().catch((error: unknown) => expect(error).toMatchObject({ code: 'TICK_INCOMPLETE' }));
    world.now += MINUTE_MS;
  }
  expect(told(world).at(-1)).toMatchObject({ desired: 'stopped' });
});

test('an override’s limit is told as the limit', async () => {
  const world = await installed(START, { HUB: 'true' });
  await world.override(500, 24);
  world.spend(1, SMALL);
  await world.run(10);
  expect(told(world).at(-1)).toMatchObject({ limitNano: usd(500) });
});

test('the new month is told by its first tick', async () => {
  const world = await installed('2026-11-30T22:00:00Z', { HUB: 'true' });
  world.spend(10);
  await world.run(119);
  expect(told(world).at(-1)).toMatchObject({ month: '2026-11', spentNano: usd(10) });
  await world.run(3);
  expect(told(world).find(({ month }) => month === '2026-12')).toMatchObject({ at: '2026-12-01T00:00:00.000Z' });
  expect(told(world).find(({ month }) => month === '2026-12')?.spentNano).not.toBe(usd(10));
  expect(await world.attachments.attachedTo(SWITCH_ARN)).not.toEqual([]);
});
