import { expect, test } from '@jest/globals';
import { LIMITS } from '../../server/limits';
import { converseReply } from '../helpers/bedrock-server';
import { servingWorlds, TOKENS } from './serving';

const world = servingWorlds();

/** As Node tells it to whoever keeps the connection. */
async function idleSeconds(options: Parameters<typeof world>[1]): Promise<number> {
  const { serving } = await world(converseReply(TOKENS), options);
  const { headers } = await fetch(`${serving.url}/healthz`);
  return Number(/timeout=(\d+)/.exec(headers.get('keep-alive') ?? '')?.[1]);
}

test('a connection that nobody uses outlives what a balancer of AWS keeps at most: the balancer ends it, and no request meets its end', async () => {
  expect(await idleSeconds({ behindTls: true })).toBeGreaterThan(4_000);
});

test('without a balancer it does not', async () => {
  expect(await idleSeconds({})).toBe(LIMITS.idleMs / 1000);
});

test('what somebody sets counts', async () => {
  expect(await idleSeconds({ behindTls: true, limits: { idleMs: 9_000 } })).toBe(9);
});
