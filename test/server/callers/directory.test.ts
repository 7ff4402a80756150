import * as crypto from 'node:crypto';
import {
  AGAIN_MS,
  AHEAD_MS,
  callerDirectory,
  FRESH_MS,
  GOES_ON_MS,
  MOST_ASKED,
  MOST_REFUSED,
  REFUSED_MS,
} from '../../../server/callers/directory';
import { Kept } from '../../../server/callers/kept';
import { keyOf, KeysTable, NOON } from './keys';

const compared = jest.fn();
jest.mock('node:crypto', () => {
  const actual = jest.requireActual<typeof crypto>('node:crypto');
  return {
    ...actual,
    timingSafeEqual: (a: NodeJS.ArrayBufferView, b: NodeJS.ArrayBufferView) => {
      compared();
      return actual.timingSafeEqual(a, b);
    },
  };
});

function directory() {
  const table = new KeysTable();
  const clock = { now: NOON };
  const away: string[] = [];
  const { find } = callerDirectory({ callers: table, now: () => clock.now, away: (why) => away.push(why) });
  return { table, clock, away, find };
}

const ALEX = { id: 'abcdef0123', budget: 'search/nightly', person: 'alex@example.com' };
const nothing = async () => new Promise<void>((go) => setImmediate(go));

test('whose a key is, and nothing of what it is known by', async () => {
  const { table, find } = directory();
  const own = keyOf();
  table.add(own);
  expect(await find(own.key)).toEqual(ALEX);
});

test.each([
  ['another secret', keyOf('abcdef0123', 't').key],
  ['another id', keyOf('abcdef0124').key],
  ['the id alone', 'abcdef0123'],
  ['the hash in place of the secret', `sgk-abcdef0123-${keyOf().caller.hash.slice(0, 43)}`],
  ['nothing', ''],
  ['a megabyte', `sgk-abcdef0123-${'s'.repeat(1_000_000)}`],
])('%s opens nothing', async (_what, key) => {
  const { table, find } = directory();
  table.add(keyOf());
  expect(await find(key)).toBeUndefined();
});

test('what is no key is no question to the table', async () => {
  const { table, find } = directory();
  await find('sgk-abcdef0123-short');
  expect(table.asked).toEqual([]);
});

test.each([
  [-1, true],
  [0, false],
  [1, false],
])('%d ms after its end: %s, also where it was read before', async (ms, isGood) => {
  const { table, clock, find } = directory();
  const own = keyOf('abcdef0123', 's', { expiresAt: NOON + 1000 });
  table.add(own);
  expect(await find(own.key)).toEqual(ALEX);
  clock.now = NOON + 1000 + ms;
  expect((await find(own.key)) !== undefined).toBe(isGood);
});

describe('an unknown id and a wrong secret', () => {
  test('take the same questions and the same comparisons, the first time and again', async () => {
    const costs = async (key: string) => {
      const { table, find } = directory();
      const own = keyOf();
      table.add(own);
      await find(own.key);
      table.asked.length = 0;
      const steps: unknown[] = [];
      for (let time = 0; time < 2; time += 1) {
        compared.mockClear();
        const found = await find(key);
        steps.push([found, table.asked.length, compared.mock.calls.length]);
      }
      return steps;
    };
    const wrong = await costs(keyOf('abcdef0123', 't').key);
    expect(await costs(keyOf('unknown000').key)).toEqual(wrong);
    expect(wrong).toEqual([
      [undefined, 1, 2],
      [undefined, 1, 1],
    ]);
  });

  test('are asked for again after a second: a key that is new works then', async () => {
    const { table, clock, find } = directory();
    const own = keyOf();
    expect(await find(own.key)).toBeUndefined();
    table.add(own);
    clock.now += REFUSED_MS - 1;
    expect(await find(own.key)).toBeUndefined();
    clock.now += 1;
    expect(await find(own.key)).toEqual(ALEX);
  });

  test('keep nobody from the right secret', async () => {
    const { table, find } = directory();
    const own = keyOf();
    table.add(own);
    for (const letter of 'tuv') expect(await find(keyOf('abcdef0123', letter).key)).toBeUndefined();
    expect(await find(own.key)).toEqual(ALEX);
  });

  test('are remembered in a bounded room, those of long ago first to go', () => {
    const kept = new Kept<number>(3);
    for (let at = 0; at < 5; at += 1) kept.set(`key ${at}`, at);
    kept.set('key 2', 9);
    kept.set('key 5', 5);
    expect([kept.size, kept.get('key 1'), kept.get('key 2'), kept.get('key 3'), kept.get('key 5')]).toEqual([
      ...[3, undefined, 9, undefined, 5],
    ]);
    expect(MOST_REFUSED).toBeLessThanOrEqual(10_000);
  });
});

describe('a key that was revoked', () => {
  test.each([
    [FRESH_MS - 1, true],
    [FRESH_MS, false],
  ])('%d ms after it was read: %s', async (ms, isGood) => {
    const { table, clock, find } = directory();
    const own = keyOf();
    table.add(own);
    await find(own.key);
    table.stored.set(own.caller.id, { ...own.caller, revokedAt: NOON });
    clock.now += ms;
    expect((await find(own.key)) !== undefined).toBe(isGood);
  });

  test('the time counts from before the question: an answer that took long is believed for less', async () => {
    const { table, clock, find } = directory();
    const own = keyOf();
    table.add(own);
    table.hold();
    const first = find(own.key);
    table.stored.set(own.caller.id, { ...own.caller, revokedAt: NOON });
    clock.now += FRESH_MS;
    table.answer();
    expect(await first).toEqual(ALEX);
    expect(await find(own.key)).toBeUndefined();
  });
});

test('a key that is there no more is refused, and does not go on when the table is away afterwards', async () => {
  const { table, clock, find } = directory();
  const own = keyOf();
  table.add(own);
  await find(own.key);
  table.stored.clear();
  clock.now += FRESH_MS;
  expect(await find(own.key)).toBeUndefined();
  table.isAway = true;
  clock.now += REFUSED_MS;
  await expect(find(own.key)).rejects.toMatchObject({ name: 'CallersUnavailable' });
});

describe('questions to the table', () => {
  test('one for all who have the same key, and none within seconds', async () => {
    const { table, clock, find } = directory();
    const own = keyOf();
    table.add(own);
    await Promise.all(Array.from({ length: 50 }, () => find(own.key)));
    clock.now += AHEAD_MS - 1;
    await find(own.key);
    expect(table.asked).toHaveLength(1);
  });

  test('the next one is beside a request, which does not wait for it', async () => {
    const { table, clock, find } = directory();
    const own = keyOf();
    table.add(own);
    await find(own.key);
    clock.now += AHEAD_MS;
    table.hold();
    expect(await find(own.key)).toEqual(ALEX);
    expect(table.asked).toHaveLength(2);
    table.answer();
    await nothing();
    clock.now += FRESH_MS - 1;
    table.hold();
    expect(await find(own.key)).toEqual(ALEX);
    table.answer();
  });

  test('a flood of unknown ones is refused past a number, and hinders no key that is known', async () => {
    const { table, clock, find } = directory();
    const own = keyOf();
    table.add(own);
    await find(own.key);
    clock.now += FRESH_MS;
    table.hold();
    const flood = Array.from({ length: MOST_ASKED + 5 }, (_, at) => find(keyOf(String(at).padStart(10, '0')).key));
    const mine = find(own.key);
    const ends = Promise.allSettled(flood);
    await nothing();
    expect(table.asked).toHaveLength(1 + MOST_ASKED + 1);
    table.answer();
    expect(await mine).toEqual(ALEX);
    expect((await ends).filter(({ status }) => status === 'rejected')).toHaveLength(5);
  });
});

describe('the table is away', () => {
  test.each([
    [FRESH_MS, true],
    [GOES_ON_MS - 1, true],
    [GOES_ON_MS, false],
  ])('%d ms after a key was read it goes on: %s', async (ms, goesOn) => {
    const { table, clock, find } = directory();
    const own = keyOf();
    table.add(own);
    await find(own.key);
    table.isAway = true;
    clock.now += ms;
    const found = find(own.key);
    await (goesOn
      ? expect(found).resolves.toEqual(ALEX)
      : expect(found).rejects.toMatchObject({ name: 'CallersUnavailable' }));
  });

  test('a key that goes on ends when it ends, and a wrong secret does not go on', async () => {
    const { table, clock, find } = directory();
    const own = keyOf('abcdef0123', 's', { expiresAt: NOON + 10_000 });
    table.add(own);
    await find(own.key);
    table.isAway = true;
    clock.now += 6_000;
    await expect(find(keyOf('abcdef0123', 't').key)).rejects.toMatchObject({ name: 'CallersUnavailable' });
    expect(await find(own.key)).toEqual(ALEX);
    clock.now = NOON + 10_000;
    expect(await find(own.key)).toBeUndefined();
  });

  test('a key that was seen revoked stays so', async () => {
    const { table, clock, find } = directory();
    const own = keyOf('abcdef0123', 's', { revokedAt: NOON });
    table.add(own);
    expect(await find(own.key)).toBeUndefined();
    table.isAway = true;
    clock.now += FRESH_MS;
    expect(await find(own.key)).toBeUndefined();
  });

  test('any other is no key refused but nobody knows; the table is asked once a second, and back at once', async () => {
    const { table, clock, find, away } = directory();
    const own = keyOf();
    table.add(own);
    table.isAway = true;
    for (const id of ['abcdef0123', 'abcdef0124', 'abcdef0125'])
      await expect(find(keyOf(id).key)).rejects.toMatchObject({ name: 'CallersUnavailable' });
    expect(table.asked).toHaveLength(1);
    clock.now += AGAIN_MS;
    await expect(find(own.key)).rejects.toMatchObject({ name: 'CallersUnavailable' });
    expect(away).toEqual(['table leases did not answer']);
    table.isAway = false;
    clock.now += AGAIN_MS;
    expect(await find(own.key)).toEqual(ALEX);
  });

  test('an item that cannot be read lets nobody in, says so once, and hinders no other', async () => {
    const { table, find, away } = directory();
    const [own, other] = [keyOf(), keyOf('abcdef0124')];
    table.add(own);
    table.add(other);
    table.unreadable.add(own.caller.id);
    for (let time = 0; time < 2; time += 1)
      await expect(find(own.key)).rejects.toMatchObject({ name: 'CallersUnavailable' });
    expect(away).toEqual(['item CALLER#abcdef0123 cannot be read']);
    expect(await find(other.key)).toMatchObject({ id: 'abcdef0124' });
  });
});
