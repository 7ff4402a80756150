import { keepingLast } from '../../core/kept';

const OWNER = { name: 'owner' };
const [ONE, TWO] = [{ id: 1 }, { id: 2 }];

function counting() {
  const work = jest.fn((owner: object, ...asked: readonly unknown[]) => ({ owner, asked }));
  return { work, ask: keepingLast(work) };
}

test.each<[string, readonly unknown[], readonly unknown[]]>([
  ['nothing', [], []],
  ['a value', [1, 'a', undefined], [1, 'a', undefined]],
  ['no number, which equals nothing', [Number.NaN], [Number.NaN]],
  ['an object', [ONE], [ONE]],
  ['a list of the same', [[ONE, TWO]], [[ONE, TWO]]],
  ['an empty list', [[]], [[]]],
])('asked again with the same, it gives the very same answer: %s', (_what, first, second) => {
  const { work, ask } = counting();
  expect(ask(OWNER, ...second)).toBe(ask(OWNER, ...first));
  expect(work).toHaveBeenCalledTimes(1);
});

test.each<[string, readonly unknown[], readonly unknown[]]>([
  ['another value', [1], [2]],
  ['one more value', [1], [1, undefined]],
  ['one value less', [1, undefined], [1]],
  ['an object that is only equal', [{ id: 1 }], [{ id: 1 }]],
  ['a list of what is only equal', [[{ id: 1 }]], [[{ id: 1 }]]],
  ['another order', [[ONE, TWO]], [[TWO, ONE]]],
  ['a longer list', [[ONE]], [[ONE, TWO]]],
  ['a shorter list', [[ONE, TWO]], [[ONE]]],
  ['a list in a list', [[[ONE]]], [[[ONE]]]],
  ['a list for a value', [ONE], [[ONE]]],
])('asked with something else, it works it out: %s', (_what, first, second) => {
  const { work, ask } = counting();
  ask(OWNER, ...first);
  expect(ask(OWNER, ...second).asked).toEqual(second);
  expect(work).toHaveBeenCalledTimes(2);
});

test('each owner has an answer of its own', () => {
  const { work, ask } = counting();
  const other = { ...OWNER };
  const [mine, others] = [ask(OWNER, 1), ask(other, 1)];
  expect([others.owner, ask(OWNER, 1), ask(other, 1)]).toEqual([other, mine, others]);
  expect(work).toHaveBeenCalledTimes(2);
});

test('the last answer alone is kept', () => {
  const { work, ask } = counting();
  ask(OWNER, 1);
  ask(OWNER, 2);
  ask(OWNER, 1);
  expect(work).toHaveBeenCalledTimes(3);
});

test('a list that is added to afterwards is another one', () => {
  const { work, ask } = counting();
  const list = [ONE];
  ask(OWNER, list);
  list.push(TWO);
  expect(ask(OWNER, list).asked).toEqual([[ONE, TWO]]);
  expect(work).toHaveBeenCalledTimes(2);
});

test('what fails is tried again', () => {
  const ask = keepingLast(
    jest
      .fn((_owner: object) => 'well')
      .mockImplementationOnce(() => {
        throw new Error('once');
      }),
  );
  expect(() => ask(OWNER)).toThrow('once');
  expect(ask(OWNER)).toBe('well');
});
