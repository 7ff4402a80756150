import { attempt, inParallel, type Pace } from '../../../core/health/attempt';
import { ServiceError } from '../../../core/errors';

const pace = (more: Partial<Pace> = {}): Pace => ({
  elapsedMs: () => 0,
  timeout: (ms) => AbortSignal.timeout(ms),
  deadlineMs: 60_000,
  ...more,
});

describe('one question', () => {
  it('gives its answer with the time it took', async () => {
    const times = [100, 142.4];
    const answer = await attempt(pace({ elapsedMs: () => times.shift()! }), 1000, async () => 7);
    expect(answer).toEqual({ kind: 'known', value: 7, latencyMs: 42 });
  });

  it('keeps the kind of a refusal', async () => {
    const refuse = () => Promise.reject(new ServiceError('throttled', 'ThrottlingException', 'slow down', 429));
    expect(await attempt(pace(), 1000, refuse)).toMatchObject({
      problem: { refusal: 'throttled', errorName: 'ThrottlingException', text: 'slow down' },
    });
  });

  it('that throws at once is as good as one that rejects', async () => {
    const answer = await attempt(pace(), 1000, () => {
      throw new TypeError('x');
    });
    expect(answer).toMatchObject({ kind: 'unavailable', problem: { errorName: 'TypeError' } });
  });

  it('that never ends, and ignores its signal, ends in time', async () => {
    const answer = await attempt(pace(), 5, () => new Promise<never>(() => {}));
    expect(answer).toMatchObject({ kind: 'unavailable', problem: { refusal: 'timedOut' } });
  });

  it.each([
    [59_999, 1],
    [60_000, 0],
    [60_001, 0],
  ])('%d ms into a run of 60 s is asked %d times', async (elapsed, asked) => {
    const ask = jest.fn().mockResolvedValue(1);
    await attempt(pace({ elapsedMs: () => elapsed }), 1000, ask);
    expect(ask).toHaveBeenCalledTimes(asked);
  });
});

it('many questions keep their order and their limit', async () => {
  let running = 0;
  let most = 0;
  const results = await inParallel([5, 1, 4, 2, 3], 2, async (item) => {
    most = Math.max(most, (running += 1));
    await new Promise((resolve) => setTimeout(resolve, item));
    running -= 1;
    return item * 10;
  });
  expect(results).toEqual([50, 10, 40, 20, 30]);
  expect(most).toBe(2);
});
