import { describe, expect, test } from '@jest/globals';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { withGuard } from '../../client/call-options';
import { type LedgerPort, LedgerUnavailable } from '../../core/ledger';
import { usd } from '../../core/money';
import { converseEvents, invokeReply } from '../helpers/bedrock-server';
import { CLAUDE, PROFILE } from '../helpers/guarded-client';
import { refusalOf } from '../helpers/refused';
import { ask, BUDGET, COST, NESTED, tight, tightWorld, told, TOKENS, world, worlds } from './nested-budgets';

describe('$metadata.spendGuard of an answer', () => {
  test('is what the tightest budget of the call has, after it', async () => {
    const { client } = await tightWorld();
    expect(told(await client.send(ask()))).toEqual(tight);
  });

  test.each([
    [
      'its parent',
      'search',
      { spent: usd('1.6') - COST },
      { remainingUsd: 0.4, limitUsd: 2, percent: 80, resetsAt: '2026-11-16T00:00:00.000Z' },
    ],
    [
      "the environment's",
      '',
      { spent: usd(9) - COST },
      { remainingUsd: 1, limitUsd: 10, percent: 90, resetsAt: '2026-12-01T00:00:00.000Z' },
    ],
  ])('%s', async (_, budget, figures, expected) => {
    const { client, ledger } = await world();
    Object.assign(ledger.of(budget), figures);
    expect(told(await client.send(ask()))).toMatchObject({ budget, ...expected });
  });

  test('of a limit that was lowered under what is spent says how much more', async () => {
    const { client, ledger } = await world();
    const settle = ledger.settle.bind(ledger);
    ledger.settle = async (...args) => {
      await settle(...args);
      Object.assign(ledger.of('search'), { limit: usd(1), spent: usd('1.5') });
    };
    expect(told(await client.send(ask()))).toMatchObject({ budget: 'search', remainingUsd: -0.5, percent: 150 });
  });

  test('is rounded down: what is not reached does not read as if it were', async () => {
    const { client, ledger } = await world();
    ledger.of(BUDGET).spent = usd('0.8') - COST - 1;
    expect(told(await client.send(ask()))).toMatchObject({ percent: 79.99, remainingUsd: 0.200000001 });
  });

  test('of the budget that the call names', async () => {
    const { client } = await tightWorld();
    expect(told(await client.send(withGuard(ask(), { budget: '' })))).toMatchObject({ budget: '', limitUsd: 10 });
  });

  test('is on answers from the cache too, beside what says so', async () => {
    const { client, server } = await tightWorld({ config: { ...NESTED, cacheMinutes: 5 } });
    await client.send(ask());
    const second = await client.send(ask());
    expect(told(second)).toMatchObject({ cached: true, usage: { totalTokens: 30 }, ...tight });
    expect(server.received).toHaveLength(1);
  });

  test('is on streams as they begin, and on InvokeModel', async () => {
    const streaming = await worlds({ events: converseEvents(TOKENS) });
    const stream = await streaming.client.send(new ConverseStreamCommand(ask().input));
    expect(told(stream)).toMatchObject({ limitUsd: 1, remainingUsd: 1 - streaming.ledger.reserved[0]! / 1e9 });
    for await (const _ of stream.stream!);
    const invoked = await worlds(invokeReply(TOKENS));
    const body = JSON.stringify({ max_tokens: 100, messages: [{ role: 'user', content: 'hello' }] });
    expect(told(await invoked.client.send(new InvokeModelCommand({ modelId: CLAUDE, body })))).toMatchObject({
      budget: BUDGET,
      limitUsd: 1,
    });
  });

  test.each<[string, Partial<LedgerPort>]>([
    ['does not tell', { known: undefined } as object],
    ['knows of nothing', { known: () => [] }],
  ])('is not there where the ledger %s', async (_, more) => {
    const { client, ledger } = await world();
    Object.assign(ledger, more);
    expect((await client.send(ask())).$metadata).not.toHaveProperty('spendGuard');
  });

  test('is no reason to lose an answer whose metadata another middleware has frozen', async () => {
    const { client } = await world();
    client.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        Object.freeze((answer.output as { $metadata: object }).$metadata);
        return answer;
      },
      { step: 'initialize', priority: 'low' },
    );
    expect(told(await client.send(ask()))).toBeUndefined();
  });

  test('costs no request', async () => {
    const { client, ledger, asked: requests } = await world();
    ledger.look = () => Promise.reject(new Error('looked'));
    await client.send(ask());
    await client.send(ask());
    expect([ledger.reserved.length, ledger.settled.length, requests.status, requests.rate]).toEqual([2, 2, 1, 2]);
  });
});

describe('the same as headers', () => {
  const headers = {
    'x-spend-guard-budget': BUDGET,
    'x-spend-guard-remaining-usd': '0.25',
    'x-spend-guard-limit-usd': '1',
    'x-spend-guard-percent': '75',
    'x-spend-guard-resets-at': '2026-11-11T00:00:00.000Z',
  };

  test('through guard.fetch, also of a run, beside those of the answer', async () => {
    const all = await tightWorld({ protocol: 'h1' });
    const url = `${all.server.endpoint}/model/${encodeURIComponent(PROFILE)}/converse`;
    const body = JSON.stringify({ ...ask().input, modelId: undefined });
    for (const { fetch } of [all.guard, all.guard.run({ limitUsd: 1 })]) {
      all.ledger.of(BUDGET).spent = usd('0.75') - COST;
      const response = await fetch(url, { method: 'POST', body });
      expect(Object.fromEntries(response.headers)).toMatchObject({ ...headers, 'content-type': 'application/json' });
      expect(await response.json()).toMatchObject({ usage: { inputTokens: 10 } });
    }
  });

  test('through guard.requestHandler', async () => {
    const all = await tightWorld({ protocol: 'h1' });
    const guarded = all.guard.requestHandler(new NodeHttpHandler());
    let answered: Record<string, string> = {};
    const client = new BedrockRuntimeClient({
      region: 'us-east-1',
      endpoint: all.server.endpoint,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
      requestHandler: {
        handle: async (...args: Parameters<NodeHttpHandler['handle']>) => {
          const result = await guarded.handle(...args);
          answered = result.response.headers;
          return result;
        },
      },
    });
    await client.send(new ConverseCommand({ ...ask().input, modelId: PROFILE }));
    expect(answered).toMatchObject(headers);
  });
});

describe('guard.remaining', () => {
  const search = { budget: 'search', period: '2026-W46', limitUsd: 2, resetsAt: '2026-11-16T00:00:00.000Z' };

  test("says what each budget has, from the environment's own on, without a model call", async () => {
    const { guard, ledger, server, asked: requests } = await world();
    Object.assign(ledger.of('search'), { spent: usd('0.5'), held: usd('0.25') });
    expect(await guard.remaining()).toEqual([
      {
        budget: '',
        period: '2026-11',
        limitUsd: 10,
        remainingUsd: 10,
        spentUsd: 0,
        heldUsd: 0,
        percent: 0,
        resetsAt: '2026-12-01T00:00:00.000Z',
      },
      { ...search, remainingUsd: 1.25, spentUsd: 0.5, heldUsd: 0.25, percent: 37.5 },
      {
        budget: BUDGET,
        period: '2026-11-10',
        limitUsd: 1,
        remainingUsd: 1,
        spentUsd: 0,
        heldUsd: 0,
        percent: 0,
        resetsAt: '2026-11-11T00:00:00.000Z',
      },
    ]);
    expect([server.received, ledger.reserved, requests.rate]).toEqual([[], [], 0]);
  });

  test.each([
    ['search', ['', 'search']],
    ['', ['']],
  ])("of '%s'", async (budget, line) => {
    const { guard } = await world();
    expect((await guard.remaining(budget)).map((figures) => figures.budget)).toEqual(line);
  });

  test('of one that there is not rejects with the nearest name', async () => {
    const { guard } = await world();
    expect(await refusalOf(guard.remaining('serch'))).toMatchObject({ code: 'UNKNOWN_BUDGET' });
  });

  test('while the table is away rejects with its own error, and no call suffers for it', async () => {
    const { client, guard, ledger } = await world();
    const cause = Object.assign(new Error('not yours'), { name: 'AccessDeniedException' });
    ledger.look = () => Promise.reject(new LedgerUnavailable('away', { cause }));
    const refusal = await refusalOf(guard.remaining());
    expect(refusal).toMatchObject({ code: 'GUARD_UNAVAILABLE', cause });
    expect(refusal.message).toContain('does not answer (AccessDeniedException: not yours)');
    await client.send(ask());
    ledger.look = () => Promise.reject(new Error('a mistake'));
    await expect(guard.remaining()).rejects.toThrow('a mistake');
  });

  test('with a ledger that cannot look is what it knows; with one that does not tell, a mistake', async () => {
    const { guard, client, ledger } = await world();
    Object.assign(ledger, { look: undefined });
    await client.send(ask());
    expect((await guard.remaining()).map(({ spentUsd }) => spentUsd)).toEqual([COST / 1e9, COST / 1e9, COST / 1e9]);
    Object.assign(ledger, { known: undefined });
    await expect(guard.remaining()).rejects.toThrow('neither `look` nor `known`');
  });
});
