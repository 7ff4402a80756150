import { DAY_MS, MINUTE_MS } from '../../../core/calendar';
import { ServiceError } from '../../../core/errors';
import { ACTIVITY_ALARM } from '../../../core/meter/told';
import type { SpendMeterWorld } from '../../helpers/spend-meter-world';
import { installed, lastState } from './installed';

const ALARM = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:spend-guard-dev-activity';

/** As documented, with what the meter does not look at. */
const changed = (over: object = {}, value = 'ALARM') => ({
  version: '0',
  id: 'c4c1c1c9-6542-e61b-6ef0-8c4d36933a92',
  'detail-type': 'CloudWatch Alarm State Change',
  source: 'aws.cloudwatch',
  account: '123456789012',
  time: '2026-11-10T12:40:00Z',
  region: 'us-east-1',
  resources: [ALARM],
  detail: {
    alarmName: 'spend-guard-dev-activity',
    previousState: { value: 'OK' },
    state: { value, reason: 'Threshold Crossed', timestamp: '2026-11-10T12:40:00.000+0000' },
    configuration: { metrics: [] },
  },
  ...over,
});

/** Its gate, asked: how often, by Region. */
function counted(world: SpendMeterWorld) {
  const asked: string[] = [];
  const ask = world.usage.activity.bind(world.usage);
  world.usage.activity = (region, ...rest) => {
    asked.push(region);
    return ask(region, ...rest);
  };
  return { asked, take: () => asked.splice(0) };
}

/** Twenty minutes after the last call, with the alarm at rest. */
async function atRest(overrides = {}) {
  const world = await installed('2026-11-10T12:00:00Z', { ACTIVITY_ALARM: ALARM, ...overrides });
  world.alarms.put(ALARM, ACTIVITY_ALARM);
  world.alarms.evaluated(ALARM, 'OK', world.now);
  const gate = counted(world);
  await world.run(20);
  gate.take();
  return { world, gate };
}

test('while nothing goes on the gate is asked each quarter of an hour; while something does, each minute', async () => {
  const { world, gate } = await atRest();
  await world.run(60);
  expect(gate.take()).toHaveLength(4);
  expect((await lastState(world)).gate.told).toMatchObject({ trusted: true });
  world.usage.recordCall('us-east-1', world.now);
  await world.tick(changed());
  gate.take();
  await world.run(10);
  expect(gate.take()).toHaveLength(10);
});

test('an event makes it ask at once, and what it sees decides: the event does not', async () => {
  const { world, gate } = await atRest();
  await world.tick(changed());
  expect(gate.take()).toHaveLength(1);
  expect(await world.inEffect()).toBe('open');
  world.spend(96);
  world.now += 10_000;
  await world.tick();
  expect(await world.inEffect()).toBe('stopped');
});

test('an event that comes while another tick acts is not lost: the next one asks', async () => {
  const { world, gate } = await atRest();
  const list = world.switchVersions.list.bind(world.switchVersions);
  // The other tick has found nothing due, and acts.
  let told: unknown;
  world.switchVersions.list = async () => {
    world.switchVersions.list = list;
    const before = await lastState(world);
    await world.state.save(
      { ...before, revision: before.revision + 1, claimedUntil: world.now + 50_000 },
      before.revision,
    );
    told = await world.tick(changed());
    return list();
  };
  await world.tick();
  expect(told).toEqual({ kind: 'skipped', why: 'busy' });
  world.now += MINUTE_MS;
  await world.tick();
  expect(gate.take()).toHaveLength(1);
});

test('once told it asks until a look has found the alarm at rest again, whatever the gate shows', async () => {
  const { world, gate } = await atRest();
  world.alarms.evaluated(ALARM, 'ALARM', world.now);
  await world.tick(changed());
  world.now += MINUTE_MS;
  gate.take();
  await world.run(40);
  expect(gate.take()).toHaveLength(40);
  world.alarms.evaluated(ALARM, 'OK', world.now);
  await world.run(1);
  gate.take();
  await world.run(10);
  expect(gate.take()).toEqual([]);
});

test('an event whose run dies before it has written is not forgotten', async () => {
  const { world, gate } = await atRest();
  world.state.failure = new ServiceError('unavailable', 'InternalServerError', 'down', 500);
  await expect(world.tick(changed())).rejects.toThrow(ServiceError);
  world.state.failure = undefined;
  gate.take();
  world.now += MINUTE_MS;
  await world.tick();
  expect(gate.take()).toHaveLength(1);
  expect((await lastState(world)).gate.told?.trusted).toBe(false);
});

test('a late and a doubled event cost five minutes of asking, and nothing else', async () => {
  const { world, gate } = await atRest();
  await world.tick(changed());
  await world.tick(changed());
  const { outbox, decision } = await lastState(world);
  expect([outbox, decision.desired]).toEqual([[], 'open']);
  gate.take();
  await world.run(30);
  // And a look or two, or three.
  expect(gate.take().length).toBeLessThanOrEqual(8);
});

test('a lost event: the next look sees the calls within a quarter of an hour, tells people once, and it asks each minute for a day', async () => {
  const { world, gate } = await atRest();
  world.spend(96);
  world.alarms.evaluated(ALARM, 'ALARM', world.now);
  await world.run(16);
  expect(await world.inEffect()).toBe('stopped');
  const mails = () => world.subjects().filter((subject) => subject.includes('activity alarm'));
  expect(mails()).toEqual(['[meter] dev the activity alarm does not tell: asking each minute']);
  expect(world.mail.sent.map(({ body }) => body).join('\n')).toContain(
    'and no event came. It is not relied on for a day',
  );
  world.alarms.evaluated(ALARM, 'OK', world.now);
  await world.run(60);
  gate.take();
  await world.run(60);
  expect(gate.take()).toHaveLength(60);
  expect(mails()).toHaveLength(1);
  world.now += DAY_MS;
  await world.run(2);
  gate.take();
  await world.run(30);
  expect(gate.take()).toHaveLength(2);
});

test.each<[string, (world: SpendMeterWorld) => void, string, number]>([
  ['deleted', ({ alarms }) => alarms.remove(ALARM), 'is gone', 1],
  ['edited', ({ alarms }) => alarms.put(ALARM, { ...ACTIVITY_ALARM, threshold: 1000 }), 'threshold is 1000, not 1', 1],
  ['refused', (world) => void (world.alarms.failure = 'accessDenied'), 'cannot be read: AccessDenied', 2],
  ['not evaluated', ({ alarms, now }) => void alarms.evaluated(ALARM, 'INSUFFICIENT_DATA', now), 'is not evaluated', 2],
])(
  'an alarm that is %s: it asks each minute, and tells people at the look of that number',
  async (_what, spoil, words, looks) => {
    const { world, gate } = await atRest();
    spoil(world);
    await world.run(15 * looks);
    expect(world.mail.sent.filter(({ body }) => body.includes(words))).toHaveLength(1);
    gate.take();
    await world.run(20);
    expect(gate.take()).toHaveLength(20);
    // Mended: it is relied on again with the next look.
    world.alarms.failure = undefined;
    world.alarms.put(ALARM, ACTIVITY_ALARM);
    world.alarms.evaluated(ALARM, 'OK', world.now);
    await world.run(16);
    gate.take();
    await world.run(30);
    expect(gate.take()).toHaveLength(2);
    // And its end is told once.
    expect(world.mail.sent.map(({ notice }) => [notice?.fact, notice?.status])).toEqual([
      ['dev|meter|activity', 'firing'],
      ['dev|meter|activity', 'resolved'],
    ]);
  },
);

test('a mark that cannot be read: an event may have come, so it asks', async () => {
  const { world, gate } = await atRest();
  world.toldMark.failure = new ServiceError('throttled', 'ThrottlingException', 'slow down');
  await world.run(5);
  expect(gate.take()).toHaveLength(5);
  world.toldMark.failure = undefined;
  world.toldMark.ofOtherVersion = true;
  await world.run(5);
  expect(gate.take()).toHaveLength(5);
});

test('a defect of the alarm’s adapter is no trouble of the alarm', async () => {
  const { world } = await atRest();
  world.alarms.describe = () => Promise.reject(new TypeError('undefined is not a function'));
  world.now += 15 * MINUTE_MS;
  await expect(world.tick()).rejects.toThrow(TypeError);
});

test('calls that wait for a read wait no longer because the gate is not asked: what it has shown is remembered', async () => {
  const { world } = await atRest({ MOST_A_CALL: '10000000', WORST_CASE_RATE: '1000000000' });
  world.spend(0.001);
  world.alarms.evaluated(ALARM, 'ALARM', world.now);
  await world.tick(changed());
  const calledAt = world.now;
  world.now += MINUTE_MS;
  await world.run(10);
  world.alarms.evaluated(ALARM, 'OK', world.now);
  await world.run(3);
  const state = await lastState(world);
  expect(state.gate.told).toMatchObject({ trusted: true, unseen: { calls: 1, since: calledAt } });
  expect(state.reading?.at).toBeLessThan(calledAt);
  await world.run(4);
  const after = await lastState(world);
  expect(after.reading?.at).toBeGreaterThan(calledAt);
  expect(after.gate.told).toMatchObject({ trusted: true });
});

test('a full read comes at least each quarter of an hour, told or not', async () => {
  const { world } = await atRest();
  // Nobody counts this call, and the alarm sleeps.
  world.spend(96);
  world.usage.activity = async () => [];
  await world.run(16);
  expect(await world.inEffect()).toBe('stopped');
});

test('trap 27: an event of another alarm, of no alarm, or of another change is no reason to look', async () => {
  const { world, gate } = await atRest();
  const strangers: readonly unknown[] = [
    changed({ resources: [`${ALARM}2`] }),
    changed({ resources: [] }),
    changed({ resources: [ALARM, ALARM] }),
    changed({ source: 'mine' }),
    changed({ 'detail-type': 'CloudWatch Alarm Configuration Change' }),
    changed({ detail: undefined }),
    changed({}, 'OK'),
  ];
  for (const event of strangers) await expect(world.tick(event)).rejects.toMatchObject({ code: 'EVENT_INVALID' });
  expect(await world.toldMark.last()).toBeUndefined();
  expect(gate.take()).toEqual([]);
});

test('an alarm that a deploy takes away and another brings back is looked at as a new one', async () => {
  const { world } = await atRest();
  expect((await lastState(world)).gate.told).toMatchObject({ trusted: true });
  const { ACTIVITY_ALARM: arn } = world.variables;
  world.variables = { ...world.variables, ACTIVITY_ALARM: '' };
  await world.run(5);
  expect((await lastState(world)).gate.told).toBeUndefined();
  world.alarms.remove(ALARM);
  world.alarms.put(ALARM, ACTIVITY_ALARM);
  world.alarms.evaluated(ALARM, 'OK', world.now);
  world.variables = { ...world.variables, ACTIVITY_ALARM: arn };
  world.now += 5 * MINUTE_MS;
  await world.run(2);
  expect((await lastState(world)).gate.told).toMatchObject({ trusted: true });
  expect(world.mail.sent).toEqual([]);
});

test('without an alarm its event is none, and the gate is asked each minute', async () => {
  const world = await installed();
  const gate = counted(world);
  await expect(world.tick(changed())).rejects.toMatchObject({ code: 'EVENT_INVALID' });
  await expect(world.tick(changed({ resources: [''] }))).rejects.toMatchObject({ code: 'EVENT_INVALID' });
  await world.run(30);
  expect(gate.take()).toHaveLength(30);
  expect(world.alarms.asked).toBe(0);
});
