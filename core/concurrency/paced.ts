import type { ConcurrencyPort } from '../ports/concurrency';
import { CONTROL_PLANE_RATE, fullBucket, take, type Rate } from './token-bucket';

export interface PaceDeps {
  /** Milliseconds that only go forward; from where does not matter. */
  readonly monotonicMs: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

/** The same port, no faster than the rate. `requestsOf` says how many requests a call makes. */
export function paced(
  port: ConcurrencyPort,
  { monotonicMs, sleep }: PaceDeps,
  rate: Rate = CONTROL_PLANE_RATE,
): ConcurrencyPort {
  let bucket = fullBucket(rate, monotonicMs());
  const wait = async (requests: number) => {
    for (let at = 0; at < requests; at += 1) {
      const taken = take(bucket, rate, monotonicMs());
      bucket = taken.bucket;
      if (taken.waitMs > 0) await sleep(taken.waitMs);
    }
  };
  const after = async <T>(requests: number, call: () => Promise<T>): Promise<T> => {
    await wait(requests);
    return call();
  };
  return {
    list: (functionName) => after(1, () => port.list(functionName)),
    config: (target) => after(1, () => port.config(target)),
    // The alias, and what it points to.
    details: (target) => after(2, () => port.details(target)),
    put: (target, value) => after(1, () => port.put(target, value)),
    remove: (target) => after(1, () => port.remove(target)),
  };
}
