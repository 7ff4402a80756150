import { decide } from '../../../core/decision/decide';
import { assess } from '../../../core/meter/assess';
import { likelyCause } from '../../../core/meter/cache-cause';
import { input, NOON, quiet, reading } from '../../helpers/meter-world';
import { CLAUDE, every, hours, priced } from '../meter/caches';

jest.mock('../../../core/meter/cache-cause', () => {
  const actual = jest.requireActual<typeof import('../../../core/meter/cache-cause')>(
    '../../../core/meter/cache-cause',
  );
  return { ...actual, likelyCause: jest.fn(actual.likelyCause) };
});

test('whatever is wrong in what is said of caches, the tick decides by the same money', () => {
  const all = hours(every('2026-11-10T00:00', '2026-11-10T11:00', { input: 1_000_000, write: 9_000_000 }));
  const assessed = () => assess(reading(NOON, ...all), priced(CLAUDE), undefined, NOON);
  const whole = assessed();
  jest.mocked(likelyCause).mockImplementation(() => {
    throw new RangeError('broken');
  });
  const assessment = assessed();
  expect(assessment).toEqual({ ...whole, cache: expect.any(Object) });
  expect(assessment).toMatchObject({
    cache: { burns: [], lately: [], unknown: [{ why: 'it could not be worked out: broken' }] },
  });
  expect(decide(input({ previous: quiet(), assessment })).desired).toBe('stopped');
});
