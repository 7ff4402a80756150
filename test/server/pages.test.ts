import { expect, test } from '@jest/globals';
import { usd } from '../../core/money';
import { converseReply } from '../helpers/bedrock-server';
import { CONFIG } from '../helpers/guarded-client';
import { COST, post, servingWorlds, TOKENS } from './serving';

const world = servingWorlds();
const config = {
  config: { ...CONFIG, budgets: [{ path: 'search', period: 'month' as const, limit: usd(1) }] },
};
const get = async (url: string, path: string) => {
  const answer = await fetch(`${url}${path}`);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

test('healthz: ready, and whether the table was there', async () => {
  const one = await world(converseReply(TOKENS));
  const health = async () => JSON.parse((await get(one.serving.url, '/healthz')).text) as unknown;
  expect(await health()).toEqual({ status: 'ready', environment: 'dev', table: 'unknown' });
  await post(one);
  expect(await health()).toEqual({ status: 'ready', environment: 'dev', table: 'reachable' });
  one.ledger.away = true;
  await post(one);
  expect(await health()).toEqual({ status: 'ready', environment: 'dev', table: 'away' });
});

test('metrics: what became of requests, what was spent, what is left', async () => {
  const one = await world(converseReply(TOKENS), { config });
  await post(one);
  await post(one, '/model/nobody.model-v1:0/converse');
  await post(one, '/nothing');
  const { headers, text } = await get(one.serving.url, '/metrics');
  expect(headers.get('content-type')).toContain('application/openmetrics-text; version=1.0.0');
  expect(text).toMatch(/\n# EOF\n$/);
  for (const line of [
    'spend_guard_requests_total{operation="Converse",outcome="answered"} 1',
    'spend_guard_requests_total{operation="Converse",outcome="refused"} 1',
    'spend_guard_requests_total{operation="none",outcome="refused"} 1',
    'spend_guard_refusals_total{code="UNKNOWN_PRICE"} 1',
    'spend_guard_refusals_total{code="UNKNOWN_OPERATION"} 1',
    `spend_guard_spend_usd_total 0.${String(COST).padStart(9, '0')}`,
    'spend_guard_budget_remaining_usd{budget=""} 9.99991',
    'spend_guard_budget_remaining_usd{budget="search"} 1',
    'spend_guard_table_reachable 1',
  ]) {
    expect(text).toContain(`${line}\n`);
  }
  expect(text).not.toMatch(/hello|yes/);
});

test('metrics while the table is away: what is left is not said, rather than guessed', async () => {
  const one = await world(converseReply(TOKENS), { config });
  one.ledger.away = true;
  await post(one);
  const { status, text } = await get(one.serving.url, '/metrics');
  expect(status).toBe(200);
  expect(text).not.toContain('budget_remaining');
  expect(text).toContain('spend_guard_table_reachable 0\n');
});

test('budget: as stored, of one that is named; one that there is not, and a table that is away', async () => {
  const one = await world(converseReply(TOKENS), { config });
  await post(one);
  const named = JSON.parse((await get(one.serving.url, '/budget?budget=search')).text) as { budgets: object[] };
  expect(named.budgets).toMatchObject([
    { budget: '', spentUsd: 0.00009, limitUsd: 10 },
    { budget: 'search', spentUsd: 0, limitUsd: 1, remainingUsd: 1, percent: 0 },
  ]);
  const unknown = await get(one.serving.url, '/budget?budget=serach');
  expect([unknown.status, unknown.text]).toEqual([404, expect.stringContaining("did you mean 'search'?")]);
  one.ledger.away = true;
  const away = await get(one.serving.url, '/budget');
  expect([away.status, away.text]).toEqual([503, expect.stringContaining('GUARD_UNAVAILABLE')]);
});

test('each answer says what is left, also one that is refused', async () => {
  const one = await world(converseReply(TOKENS));
  const answer = await post(one);
  const said = (from: Response) =>
    ['budget', 'remaining-usd', 'limit-usd', 'percent', 'cached'].map((name) =>
      from.headers.get(`x-spend-guard-${name}`),
    );
  expect(said(answer)).toEqual(['', '9.99991', '10', '0', 'false']);
  expect(answer.headers.get('x-spend-guard-resets-at')).toMatch(/^\d{4}-\d{2}-01T00:00:00.000Z$/);
  const refused = await post(one, '/model/nobody.model-v1:0/converse');
  expect(refused.status).toBe(400);
  expect(said(refused)).toEqual(['', '9.99991', '10', '0', 'false']);
});
