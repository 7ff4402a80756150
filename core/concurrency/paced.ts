import type { ConcurrencyPort } from './ports';

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

/** Tokens at a time; they grow at `perSecond` up to `burst`. */
export interface TokenBucket {
  readonly tokens: number;
  readonly atMs: number;
}

export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

/**
 * Lambda's control plane takes 15 requests a second from the whole account (the shared AWS facts, "Lambda"): a third of
 * it is left to deploys and people.
 */
export const CONTROL_PLANE_RATE: Rate = { perSecond: 10, burst: 5 };

export function fullBucket(rate: Rate, nowMs: number): TokenBucket {
  return { tokens: rate.burst, atMs: nowMs };
}

/** Takes one token, if need be one of the future: then `waitMs` says how far off it is. */
export function take(bucket: TokenBucket, rate: Rate, nowMs: number): { bucket: TokenBucket; waitMs: number } {
  // A clock that steps back gives nothing, and takes nothing away.
  const elapsedMs = Math.max(0, nowMs - bucket.atMs);
  const tokens = Math.min(rate.burst, bucket.tokens + (elapsedMs / 1000) * rate.perSecond) - 1;
  const atMs = Math.max(bucket.atMs, nowMs);
  return { bucket: { tokens, atMs }, waitMs: tokens >= 0 ? 0 : Math.ceil((-tokens / rate.perSecond) * 1000) };
}
