import { holds } from './suites/contract';

test.each<[string, () => Promise<void>]>([
  ['a value', async () => expect(1).toBe(2)],
  ['what was to be refused and is not', async () => expect(Promise.resolve(1)).rejects.toThrow()],
  ['what was to be answered and is not', async () => expect(Promise.reject(new Error('no'))).resolves.toBe(1)],
])('a case that expects otherwise does not hold: %s', async (_what, run) => {
  expect(await holds(run, undefined)).toBe(false);
});

test('a case that meets its expectations holds: where it is said to differ, that fails', async () => {
  expect(await holds(async () => expect(1).toBe(1), undefined)).toBe(true);
});

test('a case that breaks is neither', async () => {
  const broken = holds(async () => {
    throw new TypeError('undefined is not a function');
  }, undefined);
  await expect(broken).rejects.toThrow(TypeError);
});
