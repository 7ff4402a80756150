import { dynamoDbLedger } from '../client/adapters/dynamodb-ledger';
import { exactSizing, leaseSizing, type Sizing } from '../core/ledger/sizing';
import { nanoUsd, usd, type NanoUsd } from '../core/money';
import { LedgerUnavailable, type LedgerPort } from '../core/ports/ledger';
import { between, seededRandom } from '../simulator/random';
import { ContendedTable } from '../test/helpers/contended-table';
import { VirtualTime } from '../test/helpers/virtual-time';
import type { Result } from './measure';

export interface Rush {
  readonly sizing: Sizing;
  readonly processes: number;
  readonly callersEach: number;
  /** Of the provider, per call. */
  readonly callMs: readonly [number, number];
  readonly limit: NanoUsd;
  readonly bound: NanoUsd;
  readonly seconds: number;
  readonly unitsPerSecond?: number;
}

export interface Rushed {
  readonly calls: number;
  /** For reasons of contention. */
  readonly unavailable: number;
  readonly refused: number;
  readonly overshoot: number;
  readonly used: number;
  readonly unitsPerCall: number;
  readonly unitsPerSecond: number;
  /** Added to a call by the reservation and the settlement together, in ms: median and 99th percentile. */
  readonly addedMs: readonly [number, number];
}

const START = Date.parse('2026-11-12T10:00:00Z');

/** Many processes on one budget, on a table that takes 4 to 9 ms and treats conflicts as DynamoDB does; in virtual time. */
export async function rush(options: Rush): Promise<Rushed> {
  const time = new VirtualTime(START);
  const { unitsPerSecond } = options;
  const table = new ContendedTable(time, {
    latencyMs: [4, 9],
    ...(unitsPerSecond === undefined ? {} : { unitsPerSecond }),
  });
  const added: number[] = [];
  const seen = { calls: 0, unavailable: 0, refused: 0, billed: 0, inFlight: 0, most: 0 };
  const end = START + options.seconds * 1000;

  const caller = async (ledger: LedgerPort, name: string): Promise<void> => {
    const random = seededRandom(3, name);
    while (time.now < end) {
      const bound = nanoUsd(between(random, Math.ceil(options.bound / 2), options.bound));
      try {
        const asked = time.now;
        const outcome = await ledger.reserve(bound);
        const reservedAfter = time.now - asked;
        if (outcome.kind === 'refused') {
          seen.refused += 1;
          await time.pause(outcome.soft ? 200 : 10_000);
          continue;
        }
        const spent = nanoUsd(Math.floor(bound * (0.2 + 0.6 * random())));
        seen.inFlight += bound;
        seen.most = Math.max(seen.most, seen.billed + seen.inFlight);
        await time.pause(between(random, ...options.callMs));
        seen.inFlight -= bound;
        seen.billed += spent;
        seen.calls += 1;
        const told = time.now;
        await ledger.settle(outcome.reservation, spent);
        added.push(reservedAfter + time.now - told);
      } catch (error) {
        if (!(error instanceof LedgerUnavailable)) throw error;
        seen.unavailable += 1;
        await time.pause(500);
      }
    }
  };
  for (let n = 0; n < options.processes; n += 1) {
    const ledger = dynamoDbLedger(
      {
        tableName: 'leases',
        scope: 'production',
        limit: options.limit,
        now: () => time.now,
        random: seededRandom(5, String(n)),
        after: (ms, run) => time.after(ms, run),
        documents: table.documents,
      },
      options.sizing,
    );
    for (let m = 0; m < options.callersEach; m += 1) void caller(ledger, `${n}.${m}`);
  }
  await time.runUntil(end + 30_000);
  const sorted = added.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return {
    calls: seen.calls,
    unavailable: seen.unavailable,
    refused: seen.refused,
    overshoot: Math.max(0, seen.most - options.limit),
    used: seen.billed / options.limit,
    unitsPerCall: table.fake.writeUnits / Math.max(1, seen.calls),
    unitsPerSecond: table.fake.writeUnits / options.seconds,
    addedMs: [at(0.5), at(0.99)],
  };
}

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
