/** The smallest of the values that so many percent of them do not exceed (nearest rank). @throws RangeError on none */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)];
  if (value === undefined) throw new RangeError('no values');
  return value;
}

/** `p50`, `p95` and `max` of times; nothing of none. */
export function spread(prefix: string, valuesMs: readonly number[]): Readonly<Record<string, number>> {
  if (valuesMs.length === 0) return {};
  return {
    [`${prefix}P50Ms`]: percentile(valuesMs, 50),
    [`${prefix}P95Ms`]: percentile(valuesMs, 95),
    [`${prefix}MaxMs`]: percentile(valuesMs, 100),
  };
}

/** `0.4 s`, `61 s`, `15 min`. */
export function seconds(ms: number): string {
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 600_000 ? `${Math.round(ms / 1000)} s` : `${Math.round(ms / 60_000)} min`;
}
