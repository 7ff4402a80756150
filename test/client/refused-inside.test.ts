import { describe, expect, test } from '@jest/globals';
import { isSpendGuardRefused, refusalIn, SpendGuardRefused } from '../../client/refusal';

const refused = new SpendGuardRefused({ code: 'STOPPED', message: 'stopped.', retryAfterSeconds: 300 });
const wrapped = (cause: unknown) => new Error('a chain failed', { cause });

describe('a refusal that others have wrapped', () => {
  test.each<[string, unknown]>([
    ['as it is', refused],
    ['caused by it', wrapped(refused)],
    ['at the depth of ten', Array.from({ length: 9 }).reduce((inner) => wrapped(inner), refused)],
    ['among the errors of a retry', Object.assign(new Error('r'), { errors: [new Error('other'), refused] })],
    ['one of several', new AggregateError([new Error('other'), wrapped(refused)])],
  ])('%s', (_, error) => {
    expect(isSpendGuardRefused(error)).toBe(true);
    expect(refusalIn(error)).toBe(refused);
  });

  test('of another copy of the package', () => {
    const other = Object.assign(new Error('STOPPED: x'), { name: 'SpendGuardRefused', code: 'STOPPED' });
    expect(refusalIn(wrapped(other))).toBe(other);
  });

  test.each<[string, unknown]>([
    ['another error', new Error('no')],
    ['another cause', wrapped(new Error('no'))],
    ['no error', { name: 'SpendGuardRefused' }],
    ['nothing', undefined],
  ])('not %s', (_, error) => {
    expect(isSpendGuardRefused(error)).toBe(false);
  });

  test('causes that go round end', () => {
    const round: Error & { cause?: unknown } = new Error('round');
    round.cause = wrapped(round);
    expect(isSpendGuardRefused(round)).toBe(false);
  });
});
