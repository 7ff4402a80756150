import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseBudget } from '../../client/adapters/ledger-item';
import { utcMonth } from '../../core/calendar';
import type { ClientConfig } from '../../core/in-path';
import { nanoUsd } from '../../core/money';
import { checkLedger } from '../helpers/ledger-invariants';
import { dynamoDbServer, type DynamoDbServer } from '../helpers/dynamodb-http';
import { CONFIG, cost, PROFILE } from '../helpers/guarded-client';
import { bundledServer, instance, type Instance } from '../helpers/serve-instances';
import { slowBedrock, type SlowBedrock } from '../helpers/slow-bedrock';

const CALLERS = 40;
const MAX_TOKENS = 500;
const COST = cost({ input: 10, output: MAX_TOKENS });
const AFFORDABLE = 400;
const KILLED_AT = 120;
const LIMIT = nanoUsd(AFFORDABLE * COST);
/** Of calls that are refused for those in flight. */
const TRIES = 4;

describe.each(['exact', 'lease'] as const)(
  '40 callers at the cap through two servers, one of them killed: %s',
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
    let ended: readonly (readonly number[])[];

    beforeAll(async () => {
      table = await dynamoDbServer();
      bedrock = await slowBedrock(15, (calls) => {
        if (calls === KILLED_AT) killed = servers[0]?.kill();
      });
      const bundle = bundledServer(`build/test-server/${mode}.js`);
      const options = { config, upstream: bedrock.endpoint, waitMs: 500 };
      servers = await Promise.all([0, 1].map(() => instance(bundle, options, table.endpoint)));
      const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
      ended = await Promise.all(
        Array.from({ length: CALLERS }, (_, n) =>
          caller(
            servers.map(({ url }) => url),
            n % 2,
            agent,
          ),
        ),
      );
      agent.destroy();
      await killed;
      expect(await servers[1]?.stop()).toBe(0);
    });

    afterAll(async () => {
      for (const one of servers) await one.kill();
      await bedrock?.stop();
      await table?.stop();
    });

    test('all went on at the other, until each was told that the budget is used up', () => {
      expect(servers[0]?.child.signalCode).toBe('SIGKILL');
      for (const statuses of ended) {
        expect(statuses.at(-1)).toBe(402);
        expect(statuses.every((status) => [0, 200, 402].includes(status))).toBe(true);
      }
      expect(ended.flat().filter((status) => status === 0).length).toBeGreaterThan(0);
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
      // What the one that was killed had in flight stays held until it is charged: it may have been billed.
      expect(bedrock.bill.nano).toBeGreaterThanOrEqual(state.spent);
      expect(bedrock.bill.nano).toBeLessThanOrEqual(state.spent + held);
      expect((state.spent + held) / LIMIT).toBeGreaterThanOrEqual(0.99);
    });
  },
);

/** Goes on at the other server where its own is gone. @returns each answer's status, 0 where there was none */
async function caller(urls: readonly string[], first: number, agent: Agent): Promise<readonly number[]> {
  const statuses: number[] = [];
  let at = first;
  for (let refused = 0; refused < TRIES;) {
    const { status, retryAfter } = await ask(urls[at] ?? '', agent);
    statuses.push(status);
    if (status === 0) at = 1 - at;
    if (status === 200) refused = 0;
    if (status !== 402) continue;
    if (retryAfter === undefined || retryAfter > 60) break;
    refused += 1;
    await sleep(50);
  }
  return statuses;
}

function ask(
  url: string,
  agent: Agent,
): Promise<{ readonly status: number; readonly retryAfter?: number | undefined }> {
  return new Promise((resolve) => {
    const asked = request(
      `${url}/model/${encodeURIComponent(PROFILE)}/converse`,
      { method: 'POST', agent, headers: { 'content-type': 'application/json' } },
      (answer) => {
        const after = answer.headers['retry-after'];
        answer.resume();
        answer.on('error', () => {});
        answer.on('close', () =>
          resolve(
            answer.complete
              ? { status: answer.statusCode ?? 0, retryAfter: after === undefined ? undefined : Number(after) }
              : { status: 0 },
          ),
        );
      },
    );
    asked.on('error', () => resolve({ status: 0 }));
    const messages = [{ role: 'user', content: [{ text: 'hello' }] }];
    asked.end(JSON.stringify({ messages, inferenceConfig: { maxTokens: MAX_TOKENS } }));
  });
}
