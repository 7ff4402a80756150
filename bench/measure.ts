import { spawnSync } from 'node:child_process';
import path from 'node:path';

export const ROOT = path.resolve(__dirname, '..');

/** Wall-clock milliseconds of something, once. */
export type Sample = () => number;

export interface Result {
  readonly what: string;
  /** `ratio` of two medians of one interleaved run, or `seconds` where there is nothing to compare with. */
  readonly unit: 'ratio' | 'count' | 'milliseconds' | 'seconds' | 'minutes' | 'dollars' | 'megabytes';
  readonly value: number;
  readonly goal: number;
  readonly baseline: string;
  readonly raw: string;
}

export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle];
  const lower = sorted[sorted.length % 2 === 0 ? middle - 1 : middle];
  if (upper === undefined || lower === undefined) throw new Error('no samples');
  return (upper + lower) / 2;
}

/** Takes turns, so that a machine that slows down slows both. The first round warms caches and does not count. */
export function interleaved(
  rounds: number,
  measured: Sample,
  baseline: Sample,
): { measured: number[]; baseline: number[] } {
  const samples = { measured: [] as number[], baseline: [] as number[] };
  for (let round = 0; round <= rounds; round++) {
    const [a, b] = [measured(), baseline()];
    if (round === 0) continue;
    samples.measured.push(a);
    samples.baseline.push(b);
  }
  return samples;
}

/** Runs Node with `args` and returns what it took. @throws with the process's output when it fails */
export function nodeRun(args: readonly string[], env: Readonly<Record<string, string>> = {}): number {
  const begin = process.hrtime.bigint();
  const { status, stderr, stdout } = spawnSync(process.execPath, [...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  const took = Number(process.hrtime.bigint() - begin) / 1e6;
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}\n${stdout}\n${stderr}`);
  return took;
}

export function milliseconds(samples: readonly number[]): string {
  return `median ${median(samples).toFixed(0)} ms of [${samples.map((sample) => sample.toFixed(0)).join(' ')}]`;
}

export function ratioOf(
  what: string,
  goal: number,
  baseline: string,
  samples: { readonly measured: readonly number[]; readonly baseline: readonly number[] },
): Result {
  return {
    what,
    unit: 'ratio',
    value: median(samples.measured) / median(samples.baseline),
    goal,
    baseline,
    raw: `${milliseconds(samples.measured)}; baseline ${milliseconds(samples.baseline)}`,
  };
}
