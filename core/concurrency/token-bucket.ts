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
