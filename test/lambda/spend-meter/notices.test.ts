import { HOUR_MS, MINUTE_MS, utcMonth } from '../../../core/calendar';
import { ServiceError } from '../../../core/errors';
import { type Notice, noticesOf } from '../../../core/notice';
import { knownToHold, noticeFaults, repeatedKeys, stillFiring } from '../../helpers/notice-invariants';
import type { SpendMeterWorld } from '../../helpers/spend-meter-world';
import { installed } from './installed';

const lastState = async (world: SpendMeterWorld) => (await world.state.latest(utcMonth(world.now)))!;
const noticesIn = (world: SpendMeterWorld): readonly Notice[] => world.mail.sent.flatMap(noticesOf);
/** Status and urgency of a fact's messages, in order. */
const story = (world: SpendMeterWorld, fact: string) =>
  noticesIn(world)
    .filter((one) => one.fact === `dev|meter|${fact}`)
    .map(({ status, urgency }) => `${status} ${urgency}`);

/** Each fact has one story, and what is firing is what the meter knows to hold. */
async function holds(world: SpendMeterWorld): Promise<void> {
  expect(noticeFaults(noticesIn(world))).toEqual([]);
  expect(stillFiring(noticesIn(world))).toEqual(knownToHold('dev', await lastState(world)));
}

test('whoever has no switch is paged again when it begins to matter, and when nobody is left out', async () => {
  const world = await installed();
  await world.attachments.detach(world.variables.SWITCH_ARN, { kind: 'user', name: 'bot' });
  world.refusals.set('bot', 'LimitExceededException');
  await world.run(5);
  expect(story(world, 'partial')).toEqual(['firing warning']);
  world.spend(96);
  await world.run(10);
  expect(story(world, 'partial')).toEqual(['firing warning', 'firing critical']);
  await holds(world);
  world.refusals.clear();
  await world.run(3);
  expect(story(world, 'partial')).toEqual(['firing warning', 'firing critical', 'resolved info']);
  await holds(world);
});

test('a run that dies between the mail and noting it sends the same again, also what it found while acting', async () => {
  const world = await installed();
  await world.attachments.detach(world.variables.SWITCH_ARN, { kind: 'user', name: 'bot' });
  world.refusals.set('bot', 'LimitExceededException');
  const save = world.state.save.bind(world.state);
  const before = world.mail.sent.length;
  // Whatever is written once a mail of this run is out does not arrive.
  world.state.save = async (...args) => {
    if (world.mail.sent.length > before) throw new ServiceError('unavailable', 'InternalServerError', 'down', 500);
    return save(...args);
  };
  await expect(world.tick()).rejects.toThrow(ServiceError);
  world.state.save = save;
  world.now += 2 * MINUTE_MS;
  await world.run(3);
  expect(repeatedKeys(noticesIn(world))).toBeGreaterThan(0);
  const partial = noticesIn(world).filter(({ fact }) => fact === 'dev|meter|partial');
  expect(new Set(partial.map((notice) => JSON.stringify(notice))).size).toBe(1);
  expect(partial[0]).toMatchObject({ status: 'firing', urgency: 'warning' });
  await holds(world);
});

test('what AWS Budgets refuses is told once, however often it is tried, and its end once', async () => {
  const world = await installed();
  world.spend(3);
  world.budgetActions.status = 'EXECUTION_SUCCESS';
  world.budgetActions.bill('97');
  await world.run(2);
  world.budgetActions.fails = 'ResourceLockedException';
  await world.override(200, 6);
  await world.run(40);
  expect(story(world, 'billAction')).toEqual(['firing critical']);
  expect(world.subjects().filter((subject) => subject.includes('the budgets action'))).toHaveLength(2);
  await holds(world);
  world.budgetActions.fails = undefined;
  await world.run(40);
  expect(story(world, 'billAction')).toEqual(['firing critical', 'resolved info']);
  await holds(world);
});

test.each([
  ['it has been reversed by hand', 'REVERSE_SUCCESS', 'is reversed at last'],
  ['nothing is to be reversed any more', 'EXECUTION_SUCCESS', 'need not be reversed any more'],
] as const)('and its end where %s', async (_what, status, words) => {
  const world = await installed();
  world.budgetActions.status = 'EXECUTION_SUCCESS';
  world.budgetActions.bill('97');
  world.budgetActions.fails = 'ResourceLockedException';
  await world.override(200, 1);
  await world.run(20);
  world.budgetActions.status = status;
  if (status === 'EXECUTION_SUCCESS') world.now += HOUR_MS;
  await world.run(20);
  expect(story(world, 'billAction')).toEqual(['firing critical', 'resolved info']);
  expect(world.subjects().filter((subject) => subject.includes(words))).toHaveLength(1);
  await holds(world);
});

test('a contradiction ends when the action is reversed, and not while nobody can see', async () => {
  const world = await installed();
  world.spend(3);
  world.budgetActions.status = 'EXECUTION_SUCCESS';
  world.budgetActions.bill('5600');
  await world.run(30);
  world.budgetActions.unavailable = 'ThrottlingException';
  await world.run(30);
  expect(story(world, 'contradiction')).toEqual(['firing critical']);
  world.budgetActions.unavailable = undefined;
  world.budgetActions.status = 'REVERSE_SUCCESS';
  await world.run(30);
  expect(story(world, 'contradiction')).toEqual(['firing critical', 'resolved info']);
  await holds(world);
});

test('a contradiction lasts through an override while the action still asks, and is told once', async () => {
  const world = await installed();
  world.spend(3);
  world.budgetActions.status = 'PENDING';
  world.budgetActions.bill('5600');
  await world.run(30);
  await world.override(200, 1);
  await world.run(120);
  expect(story(world, 'override')).toEqual(['firing info', 'resolved info']);
  expect(story(world, 'contradiction')).toEqual(['firing critical']);
  await holds(world);
});

test('a contradiction that has ended and comes again is told again, each status of it', async () => {
  const world = await installed();
  world.spend(3);
  world.budgetActions.bill('5600');
  for (const status of ['EXECUTION_SUCCESS', 'REVERSE_SUCCESS', 'PENDING', 'EXECUTION_SUCCESS'] as const) {
    world.budgetActions.status = status;
    await world.run(30);
    await holds(world);
  }
  const told = ['firing critical', 'resolved info', 'firing critical', 'firing critical'];
  expect(story(world, 'contradiction')).toEqual(told);
  world.budgetActions.status = 'REVERSE_SUCCESS';
  await world.run(30);
  expect(story(world, 'contradiction')).toEqual([...told, 'resolved info']);
  expect(repeatedKeys(noticesIn(world))).toBe(0);
  await holds(world);
});

test('what Budgets left behind ends when nobody has it, and a look that could not tell ends nothing', async () => {
  const world = await installed();
  world.spend(96);
  await world.run(5);
  world.budgetActions.status = 'STANDBY';
  await world.attachments.attach(world.variables.DENY_BILL_ARN, { kind: 'role', name: 'app' });
  await world.run(5);
  world.budgetActions.unavailable = 'ThrottlingException';
  await world.run(5);
  world.budgetActions.unavailable = undefined;
  await world.run(5);
  expect(story(world, 'billLeftover')).toEqual(['firing critical']);
  await holds(world);
  await world.attachments.detach(world.variables.DENY_BILL_ARN, { kind: 'role', name: 'app' });
  await world.run(2);
  expect(story(world, 'billLeftover')).toEqual(['firing critical', 'resolved info']);
  await holds(world);
});

test('a leak ends with the stop that it got past', async () => {
  const world = await installed();
  world.spend(96);
  await world.run(30);
  world.spend(1);
  await world.run(20);
  expect(story(world, 'leak')).toEqual(['firing critical']);
  await holds(world);
  await world.override(200, 6);
  await world.run(5);
  expect(story(world, 'leak')).toEqual(['firing critical', 'resolved info']);
  expect(story(world, 'state').at(-1)).toBe('resolved info');
  await holds(world);
});

test('with a clock that was set back what comes later is later all the same', async () => {
  const world = await installed();
  world.spend(96);
  await world.run(10);
  world.now -= HOUR_MS;
  await world.override(200, 6);
  await world.run(3);
  const ats = noticesIn(world).map(({ at }) => at);
  expect(story(world, 'override')).toEqual(['firing info']);
  expect(ats).toEqual([...new Set(ats)].sort((a, b) => a - b));
});

test('a month that is over resumes what it had stopped, and ends what was said of it', async () => {
  const world = await installed();
  world.spend(96);
  await world.run(10);
  expect(story(world, 'state')).toEqual(['firing critical']);
  world.now = Date.parse('2026-12-01T00:05:00Z');
  await world.run(20);
  expect(story(world, 'state')).toEqual(['firing critical', 'resolved info']);
  await holds(world);
});

test('what an earlier release had not sent yet is sent, with a notice', async () => {
  const world = await installed();
  const state = await lastState(world);
  const kept = { kind: 'sighted', key: '2026-11|sighted|1', blindSince: 1 } as const;
  const { lastAlertAt: _, ...earlier } = state;
  await world.state.save({ ...earlier, revision: state.revision + 1, outbox: [kept] }, state.revision);
  await world.run(1);
  expect(noticesIn(world).at(-1)).toMatchObject({ key: 'dev|meter|2026-11|sighted|1', status: 'resolved' });
});
