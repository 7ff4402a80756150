import { MINUTE_MS } from '../../../core/calendar';
import { ServiceError } from '../../../core/errors';
import { installed, lastState } from './installed';

describe('two ticks at once, and crashes', () => {
  test('while one tick acts another does nothing; a claim that its owner left behind ends by itself', async () => {
    const world = await installed();
    world.spend(96);
    world.now += 6 * MINUTE_MS;
    const slow = world.mail.send.bind(world.mail);
    let inner: unknown;
    world.mail.send = async (mail) => {
      inner ??= await world.tick();
      await slow(mail);
    };
    await world.tick();
    expect(inner).toEqual({ kind: 'skipped', why: 'busy' });
    expect(world.subjects().filter((subject) => subject.includes('95%'))).toHaveLength(1);
  });

  test('of two ticks that read the same state one writes, and the other does nothing', async () => {
    const world = await installed();
    world.spend(96);
    world.now += 6 * MINUTE_MS;
    const results = await Promise.all([world.tick(), world.tick()]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['done', 'skipped']);
    expect(world.subjects().filter((subject) => subject.includes('95%'))).toHaveLength(1);
  });

  test('a mail that could not be sent is sent by the next tick, and an alarm tells of the first', async () => {
    const world = await installed();
    world.spend(60);
    world.now += 6 * MINUTE_MS;
    const send = world.mail.send.bind(world.mail);
    world.mail.send = () => Promise.reject(new ServiceError('unavailable', 'InternalError', 'sns', 500));
    await expect(world.tick()).rejects.toMatchObject({ code: 'TICK_INCOMPLETE' });
    world.mail.send = send;
    world.now += MINUTE_MS;
    await world.tick();
    expect(world.subjects().filter((subject) => subject.includes('50%'))).toHaveLength(1);
    expect((await lastState(world)).outbox).toEqual([]);
  });
});

describe('bad input', () => {
  test.each([
    [null],
    ['text'],
    [{}],
    [{ source: 'aws.events' }],
    [{ command: 'stop' }],
    [{ source: 'schedule', command: 'evaluate' }],
  ])('trap 27: %j is no order to do anything', async (event) => {
    const world = await installed();
    await expect(world.tick(event)).rejects.toMatchObject({ code: 'EVENT_INVALID' });
  });
});
