import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ByteLru } from '../../../client/cache/byte-lru';

function lru(maxBytes = 10, maxEntryBytes = 5) {
  const clock = { now: 0 };
  const gone: string[] = [];
  return {
    clock,
    gone,
    cache: new ByteLru<string>({ maxBytes, maxEntryBytes, now: () => clock.now, dispose: (value) => gone.push(value) }),
  };
}

const LATER = 1_000;

describe('by bytes', () => {
  test('what was not used for longest goes first', () => {
    const { cache, gone } = lru();
    for (const key of ['a', 'b']) cache.set(key, key, 5, LATER);
    expect(cache.get('a')).toBe('a');
    cache.set('c', 'c', 1, LATER);
    expect(gone).toEqual(['b']);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['a', undefined, 'c']);
  });

  test('as many bytes as fit, to the last', () => {
    const { cache, gone } = lru();
    cache.set('a', 'a', 5, LATER);
    cache.set('b', 'b', 5, LATER);
    expect(gone).toEqual([]);
  });

  test.each([
    [5, true],
    [6, false],
  ])('one of %d bytes, where 5 may be: %s', (bytes, taken) => {
    const { cache } = lru();
    cache.set('a', 'old', 1, LATER);
    expect(cache.set('a', 'new', bytes, LATER)).toBe(taken);
    expect(cache.get('a')).toBe(taken ? 'new' : undefined);
  });

  test('whatever is set and got, it never holds more than it may, and each value is disposed of once', () => {
    const step = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), bytes: fc.integer({ min: 1, max: 6 }) });
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.boolean()), { maxLength: 60 }), (steps) => {
        const { cache, gone } = lru();
        const alive = new Map<string, number>();
        steps.forEach(([{ key, bytes }, isGet], index) => {
          if (isGet) return void cache.get(key);
          const name = `${key}${index}`;
          if (cache.set(key, name, bytes, LATER)) alive.set(name, bytes);
          for (const value of gone.splice(0)) expect(alive.delete(value)).toBe(true);
          expect([...alive.values()].reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(10);
        });
      }),
    );
  });
});

test.each([
  [99, 'a'],
  [100, 'a'],
  [101, undefined],
])('until 100: at %d it is %s', (now, found) => {
  const { cache, clock, gone } = lru();
  cache.set('a', 'a', 1, 100);
  clock.now = now;
  expect(cache.get('a')).toBe(found);
  expect(gone).toEqual(found === undefined ? ['a'] : []);
});
