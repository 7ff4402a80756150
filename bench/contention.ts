import { exactSizing, leaseSizing, type Sizing } from '../core/ledger';
import { usd, type NanoUsd } from '../core/money';
import { rush, type Rush } from '../test/helpers/rush';
import type { Result } from './measure';

const CASES: readonly (readonly [string, Rush])[] = (
  [
    ['exact, 200 processes x 1, calls of 1 to 3 s, plenty left', exactSizing(), 200, [1000, 3000], usd(1000)],
    ['exact, 200 processes x 1, calls of no time, plenty left', exactSizing(), 200, [0, 1], usd(100_000), 1],
    ['exact, 200 processes x 1, calls of 1 to 3 s, at the cap', exactSizing(), 200, [1000, 3000], usd(4)],
    ['exact, 20 processes x 1, calls of 1 to 3 s, plenty left', exactSizing(), 20, [1000, 3000], usd(1000)],
    ['lease, 200 processes x 1, calls of 1 to 3 s, plenty left', leaseSizing, 200, [1000, 3000], usd(1000)],
  ] as readonly (readonly [string, Sizing, number, readonly [number, number], NanoUsd, number?])[]
).map(([what, sizing, processes, callMs, limit, seconds = 10]) => [
  what,
  { sizing, processes, callersEach: 1, callMs, limit, bound: usd('0.03'), seconds },
]);

/** What contention does to calls, and what they cost. */
export async function benchContention(): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const [what, options] of CASES) {
    const free = await rush(options);
    const limited = await rush({ ...options, unitsPerSecond: 1000 });
    const raw =
      `${free.calls} calls, ${(free.used * 100).toFixed(1)}% of the limit, ${free.refused} refused for want of budget; ` +
      `${free.unitsPerCall.toFixed(1)} write units a call, ${free.unitsPerSecond.toFixed(0)} a second (a partition takes 1,000: ` +
      `then p99 is ${limited.addedMs[1].toFixed(0)} ms at ${(limited.calls / options.seconds).toFixed(0)} calls a second); median ${free.addedMs[0].toFixed(1)} ms`;
    const baseline = 'a table of 4 to 9 ms in virtual time, with the conflicts of DynamoDB';
    const of = (unit: Result['unit'], value: number, goal: number, name: string): Result => ({
      what: `${what}: ${name}`,
      ...{ unit, value, goal, baseline, raw },
    });
    results.push(
      of('count', free.unavailable, 0, 'refused for reasons of contention'),
      of('dollars', free.overshoot / 1e9, 0, 'over the cap'),
      of('milliseconds', free.addedMs[1], 1000, 'p99 of reserving and settling together'),
    );
  }
  return results;
}
