import { expect } from '@jest/globals';
import { parseBudget } from '../../client/adapters/ledger-item';
import { utcMonth } from '../../core/calendar';
import type { NanoUsd } from '../../core/money';
import { dynamoDbServer } from './dynamodb-http';
import { CONFIG } from './guarded-client';
import { checkLedger } from './ledger-invariants';
import { bundledServer, instance, type Instance } from './serve-instances';
import { slowBedrock } from './slow-bedrock';

export interface AtTheCap {
  readonly mode: 'exact' | 'lease';
  readonly limit: NanoUsd;
  /** Of a call. */
  readonly takesMs: number;
  /** With which call the first server is killed. */
  readonly killedAt: number;
  /** Relative to the repository. */
  readonly bundle: string;
}

export interface TwoServers {
  readonly urls: readonly string[];
  readonly first: Instance;
  /** Once all callers are done: the first is gone by now, and the other ends as it should. */
  ended(): Promise<void>;
  /** No more was billed than the limit, all of it is used, and the table accounts for every dollar. */
  checkUsedUp(): void;
  stop(): Promise<void>;
}

/** Two servers of one environment over one table, of which the first is killed at work. */
export async function twoServers({ mode, limit, takesMs, killedAt, bundle }: AtTheCap): Promise<TwoServers> {
  const table = await dynamoDbServer();
  let killed: Promise<void> | undefined;
  const servers: Instance[] = [];
  const bedrock = await slowBedrock(takesMs, (calls) => {
    if (calls === killedAt) killed = servers[0]?.kill();
  });
  const config = {
    ...{ ...CONFIG, limit, requestLimits: { perHour: 100_000, perDay: 100_000 } },
    inPath: { ...CONFIG.inPath, mode },
  };
  const options = { config, upstream: bedrock.endpoint, waitMs: 500 };
  const file = bundledServer(bundle);
  servers.push(...(await Promise.all([0, 1].map(() => instance(file, options, table.endpoint)))));
  const [first, second] = servers as [Instance, Instance];
  return {
    urls: servers.map(({ url }) => url),
    first,
    async ended() {
      await killed;
      expect(await second.stop()).toBe(0);
    },
    checkUsedUp() {
      checkLedger(table.table);
      const { state, holds } = parseBudget(table.table.get(`BUDGET#dev#${utcMonth(Date.now())}`, 'STATE')!);
      const held = holds.filter(({ claim }) => claim === 'active').reduce((sum, { amount }) => sum + amount, 0);
      const { calls, nano } = bedrock.bill;
      const percent = (part: number) => ((100 * part) / limit).toFixed(2);
      process.stdout.write(
        `${mode}: ${calls} calls, billed ${percent(nano)} %, charged and held ${percent(state.spent + held)} %\n`,
      );
      expect(state.spent + held + state.remaining).toBe(limit);
      expect(nano).toBeLessThanOrEqual(limit);
      // What the one that was killed had in flight stays held until it is charged: it may have been billed.
      expect(nano).toBeGreaterThanOrEqual(state.spent);
      expect(nano).toBeLessThanOrEqual(state.spent + held);
      expect((state.spent + held) / limit).toBeGreaterThanOrEqual(0.99);
    },
    async stop() {
      for (const one of servers) await one.kill();
      await bedrock.stop();
      await table.stop();
    },
  };
}
