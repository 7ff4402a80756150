import { exactSizing, leaseSizing, type Sizing } from '../core/ledger';
import { nanoUsd, usd, type NanoUsd } from '../core/money';
import { rush, type Rush } from '../test/helpers/rush';
import type { Result } from './measure';

const CALLS = [1000, 3000] as const;
const LEVELS = 'over 3 levels';

const CASES: readonly (readonly [string, Rush])[] = (
  [
    ['exact, 200 processes x 1, calls of 1 to 3 s, plenty left', exactSizing(), 200, CALLS, usd(1000)],
    ['exact, 200 processes x 1, calls of no time, plenty left', exactSizing(), 200, [0, 1], usd(100_000), 1],
    ['exact, 200 processes x 1, calls of 1 to 3 s, at the cap', exactSizing(), 200, CALLS, usd(4)],
    ['exact, 20 processes x 1, calls of 1 to 3 s, plenty left', exactSizing(), 20, CALLS, usd(1000)],
    ['lease, 200 processes x 1, calls of 1 to 3 s, plenty left', leaseSizing, 200, CALLS, usd(1000)],
    [`exact, 200 processes x 1, ${LEVELS}, calls of 1 to 3 s, plenty left`, exactSizing(), 200, CALLS, usd(1000)],
    [`exact, 200 processes x 1, ${LEVELS}, calls of 1 to 3 s, at the cap`, exactSizing(), 200, CALLS, usd(4), 30],
    [`lease, 200 processes x 1, ${LEVELS}, calls of 1 to 3 s, plenty left`, leaseSizing, 200, CALLS, usd(1000)],
  ] as readonly (readonly [string, Sizing, number, readonly [number, number], NanoUsd, number?])[]
).map(([what, sizing, processes, callMs, limit, seconds = 10]) => [
  what,
  {
    ...{ sizing, processes, callersEach: 1, callMs, limit, bound: usd('0.03'), seconds },
    ...(what.includes(LEVELS) && levels(limit)),
  },
]);

/** A child that is used up early, and one that promises more than there is. */
function levels(limit: NanoUsd): Pick<Rush, 'budgets' | 'named'> {
  return {
    budgets: [
      { path: 'search', period: 'month', limit },
      { path: 'search/nightly', period: 'day', limit: nanoUsd(limit / 4) },
      { path: 'search/daytime', period: 'month', limit: nanoUsd(2 * limit) },
    ],
    named: ['search/nightly', 'search/daytime'],
  };
}

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
    // Which the callers have reached by its end.
    if (what.includes('at the cap') && options.seconds > 10)
      results.push(of('ratio', 1 - free.used, 0.01, 'left unused of the limit'));
  }
  return results;
}
