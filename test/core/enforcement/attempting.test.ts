import { attempting, tenAtATime } from '../../../core/enforcement/attempting';
import { GuardError, ServiceError } from '../../../core/errors';

describe('of steps that may each fail alone', () => {
  test('one that is done is told so, and no trouble', async () => {
    const troubles: string[] = [];
    expect(await attempting(troubles)('a step', async () => 'anything')).toBe(true);
    expect(troubles).toEqual([]);
  });

  test.each([
    ['a service', new ServiceError('throttled', 'ThrottlingException', 'no', 429), 'ThrottlingException'],
    ['the guard', new GuardError('ANSWER_INVALID', 'no'), 'GuardError'],
  ])('one that %s refuses is named with the reason, and the rest goes on', async (_who, refusal, why) => {
    const troubles: string[] = [];
    const attempt = attempting(troubles);
    expect(await attempt('a step', () => Promise.reject(refusal))).toBe(false);
    expect(await attempt('another', async () => {})).toBe(true);
    expect(troubles).toEqual([`a step: ${why}`]);
  });

  test('a defect is no refusal: it is thrown', async () => {
    const troubles: string[] = [];
    await expect(attempting(troubles)('a step', () => Promise.reject(new TypeError('x')))).rejects.toThrow(TypeError);
    expect(troubles).toEqual([]);
  });
});

describe('calls of IAM, whose limit the whole account shares', () => {
  test.each([
    [0, 0],
    [1, 1],
    [9, 9],
    [10, 10],
    [11, 10],
    [25, 10],
  ])('of %i, %i are under way at a time, each once, and what becomes of them is in order', async (count, most) => {
    const items = Array.from({ length: count }, (_, at) => at);
    let underWay = 0;
    let highest = 0;
    const outcomes = await tenAtATime(items, async (item) => {
      highest = Math.max(highest, ++underWay);
      // The first of ten takes longest.
      for (let turn = 0; turn < 12 - (item % 10); turn++) await Promise.resolve();
      underWay--;
      return item * 2;
    });
    expect(outcomes).toEqual(items.map((item) => item * 2));
    expect(highest).toBe(most);
  });
});
