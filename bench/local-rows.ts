/** One goal of `npm run bench:local`, and what came of it. */
export interface Row {
  readonly what: string;
  readonly value: number;
  readonly goal: number;
  readonly unit: 's' | 'MB';
  readonly raw: string;
}

export function line({ what, value, goal, unit, raw }: Row): string {
  const shown = `${value.toFixed(unit === 's' ? 2 : 0)} ${unit}`;
  return `${value <= goal ? 'met   ' : 'MISSED'}  ${shown.padStart(8)}  goal ${`${goal} ${unit}`.padStart(6)}  ${what}\n        ${raw}`;
}

export function percentile(samples: readonly number[], percent: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.ceil((sorted.length * percent) / 100) - 1] ?? Number.NaN;
}

export const list = (samples: readonly number[]) => samples.map((sample) => sample.toFixed(2)).join(' ');
