/**
 * Runs once after `ms`; the answer cancels it. The process stays alive for it, since somebody waits, unless it is work in the
 * `background`.
 */
export function after(ms: number, run: () => void, kind?: 'background'): () => void {
  const timer = setTimeout(run, ms);
  if (kind === 'background') timer.unref();
  return () => clearTimeout(timer);
}
