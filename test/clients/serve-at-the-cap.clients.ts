import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseBudget } from '../../client/adapters/ledger-item';
import { utcMonth } from '../../core/calendar';
import type { ClientConfig } from '../../core/in-path';
import { nanoUsd } from '../../core/money';
import { dynamoDbServer, type DynamoDbServer } from '../helpers/dynamodb-http';
import { CONFIG, cost, PROFILE } from '../helpers/guarded-client';
import { checkLedger } from '../helpers/ledger-invariants';
import { pythonOf } from '../helpers/python';
import { bundledServer, instance, type Instance } from '../helpers/serve-instances';
import { slowBedrock, type SlowBedrock } from '../helpers/slow-bedrock';

const PROCESSES = 2;
const CALLERS_EACH = 100;
const MAX_TOKENS = 500;
const COST = cost({ input: 10, output: MAX_TOKENS });
const AFFORDABLE = 2_000;
const KILLED_AT = 600;
const LIMIT = nanoUsd(AFFORDABLE * COST);

describe.each(['exact', 'lease'] as const)(
  '200 callers with boto3 through two servers, one of them killed: %s',
  (mode) => {
    const config: ClientConfig = {
      ...CONFIG,
      limit: LIMIT,
      requestLimits: { perHour: 100_000, perDay: 100_000 },
      inPath: { ...CONFIG.inPath, mode },
    };
    let table: DynamoDbServer;
    let bedrock: SlowBedrock;
    let servers: readonly Instance[] = [];
    let killed: Promise<void> | undefined;
    const outcomes: Record<string, number> = {};

    beforeAll(async () => {
      const python = pythonOf(path.join(__dirname, 'moto-requirements.txt'));
      table = await dynamoDbServer();
      bedrock = await slowBedrock(50, (calls) => {
        if (calls === KILLED_AT) killed = servers[0]?.kill();
      });
      const bundle = bundledServer(`build/test-server/boto3-${mode}.js`);
      const options = { config, upstream: bedrock.endpoint, waitMs: 500 };
      servers = await Promise.all([0, 1].map(() => instance(bundle, options, table.endpoint)));
      const urls = servers.map(({ url }) => url);
      const all = await Promise.all(
        Array.from({ length: PROCESSES }, (_, n) =>
          promisify(execFile)(python, [
            path.join(__dirname, 'boto3-callers.py'),
            JSON.stringify([urls, PROFILE, CALLERS_EACH, MAX_TOKENS, n]),
          ]),
        ),
      );
      for (const { stdout } of all)
        for (const [outcome, count] of Object.entries(JSON.parse(stdout) as Record<string, number>))
          outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
      await killed;
      expect(await servers[1]?.stop()).toBe(0);
    }, 600_000);

    afterAll(async () => {
      for (const one of servers) await one.kill();
      await bedrock?.stop();
      await table?.stop();
    });

    test('all went on at the other, until each was told that the budget is used up', () => {
      process.stdout.write(`${mode}: ${JSON.stringify(outcomes)}\n`);
      expect(servers[0]?.child.signalCode).toBe('SIGKILL');
      expect(Object.keys(outcomes).sort()).toEqual(['402 SpendGuardRefused', 'answered', 'went on at the other']);
      expect(outcomes['402 SpendGuardRefused']).toBeGreaterThanOrEqual(PROCESSES * CALLERS_EACH);
    });

    test('no more was billed than the limit, all of it is used, and the table accounts for every dollar', () => {
      checkLedger(table.table);
      const { state, holds } = parseBudget(table.table.get(`BUDGET#dev#${utcMonth(Date.now())}`, 'STATE')!);
      const held = holds.filter(({ claim }) => claim === 'active').reduce((sum, { amount }) => sum + amount, 0);
      const percent = (part: number) => ((100 * part) / LIMIT).toFixed(2);
      process.stdout.write(
        `${mode}: ${bedrock.bill.calls} calls, billed ${percent(bedrock.bill.nano)} %, charged and held ${percent(state.spent + held)} %\n`,
      );
      expect(state.spent + held + state.remaining).toBe(LIMIT);
      expect(bedrock.bill.nano).toBeLessThanOrEqual(LIMIT);
      expect(bedrock.bill.nano).toBeGreaterThanOrEqual(state.spent);
      expect(bedrock.bill.nano).toBeLessThanOrEqual(state.spent + held);
      expect((state.spent + held) / LIMIT).toBeGreaterThanOrEqual(0.99);
    });
  },
);
