import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { nanoUsd } from '../../core/money';
import { cost, PROFILE } from '../helpers/guarded-client';
import { twoServers, type TwoServers } from '../helpers/two-servers';

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
    let world: TwoServers;
    let ended: readonly (readonly number[])[];

    beforeAll(async () => {
      const bundle = `build/test-server/${mode}.js`;
      world = await twoServers({ mode, limit: LIMIT, takesMs: 15, killedAt: KILLED_AT, bundle });
      const agent = new Agent({ keepAlive: true, maxSockets: CALLERS });
      ended = await Promise.all(Array.from({ length: CALLERS }, (_, n) => caller(world.urls, n % 2, agent)));
      agent.destroy();
      await world.ended();
    });
    afterAll(() => world?.stop());

    test('all went on at the other, until each was told that the budget is used up', () => {
      expect(world.first.child.signalCode).toBe('SIGKILL');
      for (const statuses of ended) {
        expect(statuses.at(-1)).toBe(402);
        expect(statuses.every((status) => [0, 200, 402].includes(status))).toBe(true);
      }
      expect(ended.flat().filter((status) => status === 0).length).toBeGreaterThan(0);
    });

    test('no more was billed than the limit, all of it is used, and the table accounts for every dollar', () => {
      world.checkUsedUp();
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
