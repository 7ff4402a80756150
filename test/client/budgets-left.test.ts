import { describe, expect, test } from '@jest/globals';
import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { withGuard } from '../../client/call-options';
import type { BudgetWarning } from '../../client/watch';
import type { ClientConfig } from '../../core/in-path/config';
import { type LedgerPort, LedgerUnavailable } from '../../core/ledger';
import { nanoUsd, usd } from '../../core/money';
import { converseEvents, converseReply, invokeReply } from '../helpers/bedrock-server';
import { CLAUDE, CONFIG, PROFILE, type GuardedOptions } from '../helpers/guarded-client';
import { ask as asked, guardedWorlds, type WorldOptions } from '../helpers/guarded-server';
import { refusalOf } from '../helpers/refused';

const NESTED: ClientConfig = {
  ...CONFIG,
  budgets: [
    { path: 'search', period: 'week', limit: usd(2) },
    { path: 'search/nightly', period: 'day', limit: usd(1) },
  ],
};
const BUDGET = 'search/nightly';
/** A Tuesday. */
const NOW = Date.UTC(2026, 10, 10, 12);
const DAY_MS = 86_400_000;
const TOKENS = { input: 10, output: 20 };
const COST = 10 * 1_000 + 20 * 4_000;

const worlds = guardedWorlds({ config: NESTED, now: () => NOW, budget: BUDGET });
const world = (options: WorldOptions = {}) => worlds(converseReply(TOKENS), options);
const ask = () => new ConverseCommand(asked({ inferenceConfig: { maxTokens: 100 } }));
const told = ({ $metadata }: { $metadata: object }) => ($metadata as { spendGuard?: unknown }).spendGuard;

/** After one call, of whose cost the rest makes the sum. */
const tight = {
  budget: BUDGET,
  remainingUsd: 0.25,
  limitUsd: 1,
  percent: 75,
  resetsAt: '2026-11-11T00:00:00.000Z',
};

async function tightWorld(options: WorldOptions = {}) {
  const all = await world(options);
  all.ledger.of(BUDGET).spent = usd('0.75') - COST;
  return all;
}

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

describe('a budget that is nearly gone', () => {
  /** Warnings and `near` events of calls, before each of which so much percent of the leaf are gone. */
  async function heard(percents: readonly number[], options: GuardedOptions = {}, budget = BUDGET) {
    const warnings: BudgetWarning[] = [];
    const all = await world({ onWarning: (warning) => warnings.push(warning), ...options });
    for (const percent of percents) {
      const { limit } = all.ledger.of(budget);
      all.ledger.of(budget).spent = Math.round((limit * percent) / 100) - COST;
      await all.client.send(ask());
    }
    const near = all.events.filter(({ name }) => name === 'near').map(({ attributes }) => attributes);
    return { ...all, warnings, near };
  }

  test.each<[readonly number[], readonly number[]]>([
    [[79.9999999], []],
    [[80], [80]],
    [[80, 81, 89.9999999], [80]],
    [
      [80, 90],
      [80, 90],
    ],
    [
      [80, 90, 94.9999999, 95],
      [80, 90, 95],
    ],
    [[70, 96], [95]],
    [[96, 85, 96], [95]],
    [[85, 70, 85], [80]],
    [
      [70, 91, 99],
      [90, 95],
    ],
  ])('%j percent gone: warned at %j', async (percents, lines) => {
    const { warnings, near } = await heard(percents);
    expect(warnings.map(({ atPercent }) => atPercent)).toEqual(lines);
    expect(near.map((attributes) => attributes['spend_guard.at_percent'])).toEqual(lines);
  });

  test('is told with all that is known of it', async () => {
    const { client, ledger, warnings, events } = await heard([]);
    Object.assign(ledger.of(BUDGET), { spent: usd('0.425') - COST, held: usd('0.5') });
    await client.send(ask());
    const near = events.filter(({ name }) => name === 'near').map(({ attributes }) => attributes);
    const resetsAt = '2026-11-11T00:00:00.000Z';
    expect(warnings).toEqual([
      {
        budget: BUDGET,
        period: '2026-11-10',
        atPercent: 90,
        percent: 92.5,
        remainingUsd: 0.075,
        spentUsd: 0.425,
        heldUsd: 0.5,
        limitUsd: 1,
        resetsAt,
      },
    ]);
    expect(near).toEqual([
      {
        'spend_guard.environment': 'dev',
        'spend_guard.budget': BUDGET,
        'spend_guard.at_percent': 90,
        'spend_guard.percent': 92.5,
        'spend_guard.remaining_usd': 0.075,
        'spend_guard.spent_usd': 0.425,
        'spend_guard.held_usd': 0.5,
        'spend_guard.limit_usd': 1,
        'spend_guard.resets_at': resetsAt,
      },
    ]);
  });

  test.each(['', 'search'])("each of those that a call is charged to is: '%s'", async (budget) => {
    const { warnings } = await heard([80, 90], {}, budget);
    expect(warnings.map((warning) => [warning.budget, warning.atPercent])).toEqual([
      [budget, 80],
      [budget, 90],
    ]);
  });

  test('anew in each of its periods, and not again by a late word of an earlier one', async () => {
    const clock = { now: NOW };
    const days: string[] = [];
    const { client, ledger } = await heard([96], {
      now: () => clock.now,
      onWarning: ({ resetsAt }) => days.push(resetsAt.slice(0, 10)),
    });
    for (const day of [1, 0, 1, 2]) {
      clock.now = NOW + day * DAY_MS;
      ledger.of(BUDGET).spent = usd('0.96') - COST;
      await client.send(ask());
    }
    expect(days).toEqual(['2026-11-11', '2026-11-12', '2026-11-13']);
  });

  test('by what others spent: the process hears of it when it is refused', async () => {
    const { client, ledger, warnings } = await heard([]);
    ledger.of('search').spent = usd(2);
    await refusalOf(client.send(ask()));
    expect(warnings).toMatchObject([{ budget: 'search', atPercent: 95, percent: 100 }]);
  });

  test('by a stream, when it has ended', async () => {
    const warnings: BudgetWarning[] = [];
    const onWarning = (warning: BudgetWarning) => warnings.push(warning);
    const { client, ledger } = await worlds({ events: converseEvents(TOKENS) }, { onWarning });
    ledger.of(BUDGET).spent = usd('0.9') - COST;
    const { stream } = await client.send(new ConverseStreamCommand(ask().input));
    expect(warnings).toEqual([]);
    for await (const _ of stream!);
    expect(warnings).toMatchObject([{ atPercent: 90, percent: 90 }]);
  });

  test('of nothing, where its limit is nothing', async () => {
    const { client, ledger, warnings } = await heard([]);
    ledger.of(BUDGET).limit = nanoUsd(0);
    await refusalOf(client.send(ask()));
    expect(warnings).toMatchObject([{ atPercent: 95, percent: 100, limitUsd: 0 }]);
  });

  test('is not warned of where the ledger does not know', async () => {
    const warnings: BudgetWarning[] = [];
    const { client, ledger } = await world({ onWarning: (warning) => warnings.push(warning) });
    ledger.of(BUDGET).spent = usd('0.99');
    Object.assign(ledger, { known: undefined });
    await client.send(ask());
    ledger.known = () => [];
    await client.send(ask());
    expect(warnings).toEqual([]);
  });

  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('listener');
      },
    ],
    ['rejects', () => Promise.reject(new Error('listener'))],
  ])('a listener that %s fails no call, and is not asked again', async (_, listener) => {
    let calls = 0;
    const onWarning = () => {
      calls += 1;
      return listener();
    };
    const { server, near } = await heard([85, 86], { onWarning });
    await new Promise(setImmediate);
    expect([calls, server.received.length, near.length]).toEqual([1, 2, 1]);
  });

  test('a listener that calls a model itself is warned once', async () => {
    const made: Promise<unknown>[] = [];
    const all = await world({ onWarning: () => made.push(all.client.send(ask())) });
    all.ledger.of(BUDGET).spent = usd('0.85');
    await all.client.send(ask());
    await Promise.all(made);
    expect([made.length, all.server.received.length]).toEqual([1, 2]);
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
