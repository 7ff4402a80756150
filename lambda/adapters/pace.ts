/** Starts a stopwatch that reads in milliseconds and that no change of the clock moves. */
export function stopwatch(): () => number {
  const began = performance.now();
  return () => performance.now() - began;
}

/** Does not keep the process alive. */
export function timeout(ms: number): AbortSignal {
  return AbortSignal.timeout(Math.ceil(ms));
}
