import { ConverseCommand, type BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { usd } from '../core/money';
import type { BudgetNode, BudgetPath } from '../core/shared-budgets';
import { bareClient, guardedClient, KB, question, shown } from './in-path-clients';
import { median, type Result } from './measure';

const ROUNDS = 4_000;
const WRITES_PER = 1_000;
const BUDGETS: readonly BudgetNode[] = [
  { path: 'search', period: 'month', limit: usd(500_000) },
  { path: 'search/nightly', period: 'day', limit: usd(100_000) },
];
/** How many budgets a call reserves in, and the one that it names for it. */
const DEPTHS: readonly (readonly [number, BudgetPath | undefined])[] = [
  [1, undefined],
  [2, 'search'],
  [3, 'search/nightly'],
];

interface Variant {
  readonly client: BedrockRuntimeClient;
  readonly samples: number[];
}

/** Budgets within budgets: what a call pays for each that it is charged to. */
export async function budgetsWithin(): Promise<readonly Result[]> {
  return [...(await added()), ...(await writes('exact')), ...(await writes('lease'))];
}

async function added(): Promise<readonly Result[]> {
  const variant = (client: BedrockRuntimeClient): Variant => ({ client, samples: [] });
  const bare = variant(bareClient());
  const without = variant(guardedClient('lease', { cacheMinutes: 0 }).client);
  const [one, two, three] = DEPTHS.map(([, budget]) =>
    variant(
      guardedClient('lease', { cacheMinutes: 0, budgets: BUDGETS, ...(budget !== undefined && { budget }) }).client,
    ),
  ) as [Variant, Variant, Variant];
  const variants = [bare, without, one, two, three];
  for (let round = -ROUNDS / 10; round < ROUNDS; round++) {
    // Another one begins each time: what follows a dearer call pays for some of what it left behind.
    for (const at of variants.keys()) {
      const { client, samples } = variants[(at + round + ROUNDS) % variants.length] as Variant;
      const command = new ConverseCommand(question(KB, round));
      const begin = process.hrtime.bigint();
      await client.send(command);
      const took = Number(process.hrtime.bigint() - begin) / 1e6;
      await new Promise((resume) => setImmediate(resume));
      // The first tenth warms up.
      if (round >= 0) samples.push(took);
    }
  }
  const addedBy = ({ samples }: Variant) => median(samples) - median(bare.samples);
  const inTurns = `${ROUNDS} calls each, in turns; the same client without the guard: ${shown(bare.samples)}`;
  const ratio = (
    what: string,
    [value, goal]: readonly [number, number],
    measured: Variant,
    baseline: Variant,
  ): Result => ({
    what: `in-path, lease, budgets within budgets: ${what}`,
    unit: 'ratio',
    value,
    goal,
    baseline: `${shown(baseline.samples)}, ${addedBy(baseline).toFixed(3)} ms of it added; ${inTurns}`,
    raw: `${shown(measured.samples)}, ${addedBy(measured).toFixed(3)} ms of it added`,
  });
  return [
    ratio(
      'a call that names none, to the same without any',
      [median(one.samples) / median(without.samples), 1.05],
      one,
      without,
    ),
    ratio('added at the median, two of them to one', [addedBy(two) / addedBy(one), 1.5], two, one),
    ratio('added at the median, three of them to one', [addedBy(three) / addedBy(one), 1.5], three, one),
  ];
}

/** Write request units, without those of the request limits; a caller at a time, and 20 at once. */
async function writes(mode: 'exact' | 'lease'): Promise<readonly Result[]> {
  const results: Result[] = [];
  for (const [depth, budget] of DEPTHS) {
    const units: number[] = [];
    for (const callers of [1, 20]) units.push(await unitsOf(mode, budget, callers));
    const [alone = 0, together = 0] = units;
    results.push({
      what: `in-path, ${mode}, budgets within budgets, depth ${depth}: write units per 1,000 calls of one caller`,
      unit: 'count',
      value: alone,
      goal: depth * (2 + (mode === 'exact' ? 2 : 0.2) * WRITES_PER),
      baseline:
        'none: by the protocol two open a budget, and each call writes twice to each, or shares that with others; in lease 0.2',
      raw: `${together} of 20 callers at once; the request limits' not among them`,
    });
  }
  return results;
}

async function unitsOf(mode: 'exact' | 'lease', budget: BudgetPath | undefined, callers: number): Promise<number> {
  const named = budget === undefined ? {} : { budget };
  const { client, budgetTable, close } = guardedClient(mode, { cacheMinutes: 0, budgets: BUDGETS, ...named });
  let next = 0;
  const caller = async () => {
    while (next < WRITES_PER) await client.send(new ConverseCommand(question(KB, next++)));
  };
  await Promise.all(Array.from({ length: callers }, caller));
  await close();
  return budgetTable.writeUnits;
}
