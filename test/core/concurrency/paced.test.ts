import fc from 'fast-check';
import { paced, fullBucket, take } from '../../../core/concurrency/paced';
import { FakeConcurrency } from '../../../simulator/fakes/concurrency';
import { target } from '../../helpers/concurrency-world';

const RATE = { perSecond: 10, burst: 5 };

test.each([
  [5, 0],
  [6, 100],
  [7, 200],
  [15, 1000],
])('token %i of a full bucket waits %i ms', (tokens, expected) => {
  let bucket = fullBucket(RATE, 0);
  let waitMs = 0;
  for (let at = 0; at < tokens; at += 1) ({ bucket, waitMs } = take(bucket, RATE, 0));
  expect(waitMs).toBe(expected);
});

test('a clock that steps back neither gives nor takes', () => {
  const { bucket } = take(fullBucket(RATE, 1000), RATE, 500);
  expect(bucket).toEqual({ tokens: 4, atMs: 1000 });
});

test('in no second more than 15 requests go out, whatever is asked', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('list', 'config', 'details', 'put'), { maxLength: 80 }),
      async (calls) => {
        let nowMs = 0;
        const sent: number[] = [];
        const real = new FakeConcurrency(() => nowMs);
        real.deploy(target(), 1);
        const note = (requests: number) => sent.push(...Array.from({ length: requests }, () => nowMs));
        const counted = new Proxy(real, {
          get: (object, method) => (note(method === 'details' ? 2 : 1), Reflect.get(object, method).bind(object)),
        });
        const port = paced(counted, {
          monotonicMs: () => nowMs,
          sleep: async (ms) => void (nowMs += ms),
        });
        for (const call of calls) {
          if (call === 'list') await port.list('models');
          if (call === 'config') await port.config(target());
          if (call === 'details') await port.details(target());
          if (call === 'put') await port.put(target(), 2);
        }
        for (const from of sent)
          expect(sent.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(15);
      },
    ),
  );
});
