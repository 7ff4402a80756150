import { describe, expect, test } from '@jest/globals';
import { usd } from '../../core/money';
import { converseReply } from '../helpers/bedrock-server';
import { CONFIG } from '../helpers/guarded-client';
import { conversePath, CONVERSE, COST, post, servingWorlds, TOKENS } from './serving';

const world = servingWorlds();
const config = {
  config: { ...CONFIG, budgets: [{ path: 'search', period: 'month' as const, limit: usd(1) }] },
};
const callers = {
  find: async (key: string) =>
    key === 'good' ? { id: 'abc', budget: 'search', person: 'alex@example.com' } : undefined,
};
const ask = (key?: string): Record<string, string> => (key === undefined ? {} : { authorization: `Bearer ${key}` });

describe.each([true, false])('where a key is needed: %s', (requireKey) => {
  const started = () => world(converseReply(TOKENS), { config, callers, requireKey });

  test('a key’s calls are charged to its budget', async () => {
    const one = await started();
    const answer = await post(one, conversePath, CONVERSE, ask('good'));
    expect(answer.status).toBe(200);
    expect([one.ledger.of('search').spent, one.ledger.spent]).toEqual([COST, COST]);
    const { headers } = one.bedrock.received[0]!;
    expect(JSON.stringify(headers)).not.toMatch(/Bearer|good/);
  });

  test('one that there is not is refused, and nothing of it is said again', async () => {
    const one = await started();
    const answer = await post(one, conversePath, CONVERSE, ask('sgk-secret'));
    const text = await answer.text();
    expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([403, 'UnrecognizedClientException']);
    expect(text + JSON.stringify([...answer.headers])).not.toContain('sgk-secret');
    expect([one.bedrock.received, one.ledger.reserved]).toEqual([[], []]);
  });

  test('none at all', async () => {
    const one = await started();
    const answer = await post(one);
    expect(answer.status).toBe(requireKey ? 401 : 200);
    expect(one.ledger.of('search').spent).toBe(0);
    expect(one.bedrock.received).toHaveLength(requireKey ? 0 : 1);
  });
});

test('what the server says of itself is for everybody on this machine, a key sees its own budget', async () => {
  const one = await world(converseReply(TOKENS), { config, callers, requireKey: true });
  await post(one, conversePath, CONVERSE, ask('good'));
  const get = async (path: string, key?: string) => {
    const answer = await fetch(`${one.serving.url}${path}`, { headers: ask(key) });
    return [answer.status, await answer.json()] as const;
  };
  const ofBudget = (budget: string, limitUsd: number) => expect.objectContaining({ budget, limitUsd });
  expect(await get('/budget')).toEqual([200, { environment: 'dev', budgets: [ofBudget('', 10)] }]);
  const [status, said] = await get('/budget', 'good');
  expect([status, said]).toEqual([200, { environment: 'dev', budgets: [ofBudget('', 10), ofBudget('search', 1)] }]);
  expect((await get('/budget?budget=', 'good'))[0]).toBe(403);
  expect((await get('/budget', 'wrong'))[0]).toBe(403);
});
