import { afterEach, describe, expect, test } from '@jest/globals';
import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { withGuard } from '../../client/call-options';
import { GuardedBedrock } from '../../client/guarded-bedrock';
import { nearest } from '../../client/nearest';
import type { ClientConfig } from '../../core/in-path/config';
import { usd, ZERO } from '../../core/money';
import type { BudgetNode } from '../../core/shared-budgets';
import { converseReply } from '../helpers/bedrock-server';
import { CONFIG, openStatus, type GuardedOptions } from '../helpers/guarded-client';
import { ask as asked, guardedWorlds } from '../helpers/guarded-server';
import { refusalOf } from '../helpers/refused';

const BUDGETS: readonly BudgetNode[] = [
  { path: 'search', period: 'month', limit: usd(2) },
  { path: 'search/nightly', period: 'day', limit: usd('0.1') },
  { path: 'ads', period: 'week', limit: usd(1) },
];
const NESTED: ClientConfig = { ...CONFIG, budgets: BUDGETS };
/** A Tuesday. */
const NOW = Date.UTC(2026, 10, 10, 12);
const COST = 10 * 1_000 + 20 * 4_000;
const LIMITS = Object.fromEntries(BUDGETS.map(({ path, limit }) => [path, limit]));

const worlds = guardedWorlds({ config: NESTED, now: () => NOW });
const world = (options: GuardedOptions = {}) =>
  worlds(converseReply({ input: 10, output: 20 }), {
    meter: () => openStatus(NOW, { budgets: { limits: LIMITS, since: NOW } }),
    ...options,
  });
const ask = () => new ConverseCommand(asked({ inferenceConfig: { maxTokens: 100 } }));

afterEach(() => {
  delete process.env['SPEND_GUARD_BUDGET'];
});

describe('a call is charged to', () => {
  test.each<[string, { option?: string; call?: string; variable?: string }, string]>([
    ["the environment's own alone, where nobody names one", {}, ''],
    ['what the environment variable names', { variable: 'ads' }, 'ads'],
    ["the environment's own, where the variable is empty", { variable: '' }, ''],
    ['what the client is told, before the variable', { option: 'search', variable: 'ads' }, 'search'],
    ["the environment's own, where the client says so", { option: '', variable: 'ads' }, ''],
    ['what the call names, before all others', { call: 'search/nightly', option: 'ads' }, 'search/nightly'],
    ["the environment's own, where the call says so", { call: '', option: 'ads' }, ''],
  ])('%s', async (_, { option, call, variable }, charged) => {
    if (variable !== undefined) process.env['SPEND_GUARD_BUDGET'] = variable;
    const { client, ledger } = await world(option === undefined ? {} : { budget: option });
    await client.send(call === undefined ? ask() : withGuard(ask(), { budget: call }));
    const line = ['', ...(charged === 'search/nightly' ? ['search', charged] : [charged])];
    for (const path of ['', ...BUDGETS.map((node) => node.path)]) {
      expect([path, ledger.of(path).spent]).toEqual([path, line.includes(path) ? COST : 0]);
      expect(ledger.of(path).held).toBe(0);
    }
  });

  test('what the client is told, where the call has other options', async () => {
    const { client, ledger } = await world({ budget: 'ads' });
    await client.send(withGuard(ask(), { cache: false }));
    await client.send(withGuard(ask(), { budget: undefined } as object));
    expect(ledger.of('ads').spent).toBe(2 * COST);
  });

  test('what GuardedBedrock is asked with, of which the model hears nothing', async () => {
    const { ledger, server } = await world();
    const bedrock = new GuardedBedrock(
      { config: NESTED },
      {
        ledger,
        rateLimit: { admit: async () => ({ kind: 'admitted' }) },
        status: { read: async () => openStatus(NOW) },
        now: () => NOW,
      },
      { endpoint: server.endpoint, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' } },
    );
    await bedrock.converse({ ...ask().input, budget: 'search', cacheSampled: true });
    await bedrock.close();
    expect(ledger.of('search').spent).toBe(COST);
    expect(Object.keys(server.received[0]!.body)).toEqual(['messages', 'inferenceConfig']);
  });

  test('what it named, also of what was spent while the table was away', async () => {
    const clock = { now: NOW };
    const config: ClientConfig = { ...NESTED, inPath: { ...CONFIG.inPath, whenAway: { kind: 'open', cap: usd(1) } } };
    const { client, ledger } = await world({ config, now: () => clock.now });
    ledger.away = true;
    for (const budget of ['search/nightly', 'ads', 'search/nightly', '']) {
      await client.send(withGuard(ask(), { budget }));
    }
    ledger.away = false;
    clock.now += 5_000;
    await client.send(ask());
    expect(ledger.charged).toEqual([
      { spent: 2 * COST, unsettled: 0, budget: 'search/nightly' },
      { spent: COST, unsettled: 0, budget: 'ads' },
      { spent: COST, unsettled: 0 },
    ]);
  });
});

describe('a budget that there is not', () => {
  const all = "'search', 'search/nightly', 'ads'";

  test.each([
    ['serch', 'search'],
    ['Search', 'search'],
    ['search/nigthly', 'search/nightly'],
    ['search/', 'search'],
    ['/ads', 'ads'],
  ])("'%s', named by a call, is refused before anything is asked, and '%s' is named", async (budget, near) => {
    const { client, ledger, asked: requests, server, events } = await world({ cacheBytes: 0 });
    const refusal = await refusalOf(client.send(withGuard(ask(), { budget })));
    expect(refusal.code).toBe('UNKNOWN_BUDGET');
    expect(refusal.message).toContain(`no budget '${budget}': did you mean '${near}'? It has ${all}`);
    expect(refusal.retryAfterSeconds).toBeUndefined();
    expect([ledger.reserved, requests, server.received]).toEqual([[], { status: 0, rate: 0, credentials: 0 }, []]);
    expect(events.map(({ name, attributes }) => [name, attributes['error.type']])).toEqual([
      ['refused', 'UNKNOWN_BUDGET'],
    ]);
  });

  test('is none where an environment has none', async () => {
    const { client } = await world({ config: CONFIG });
    const { message } = await refusalOf(client.send(withGuard(ask(), { budget: 'search' })));
    expect(message).toContain('it has none within its own');
  });

  test.each<[string, { option?: string; variable?: string }]>([
    ['the option `budget`', { option: 'serch' }],
    ['SPEND_GUARD_BUDGET', { variable: 'serch' }],
  ])('named by %s is a TypeError when the guard is made', async (source, { option, variable }) => {
    if (variable !== undefined) process.env['SPEND_GUARD_BUDGET'] = variable;
    const made = world(option === undefined ? {} : { budget: option });
    await expect(made).rejects.toThrow(TypeError);
    await expect(made).rejects.toThrow(
      `${source}: the client config of dev has no budget 'serch': did you mean 'search'? It has ${all}`,
    );
  });

  test('named by a variable that the option overrules is no mistake', async () => {
    process.env['SPEND_GUARD_BUDGET'] = 'serch';
    await expect(world({ budget: '' })).resolves.toBeDefined();
  });

  test.each([
    ['', ['a'], 'a'],
    ['ab', ['b', 'abc', 'ab'], 'ab'],
    ['abc', ['xyz', 'abd'], 'abd'],
    ['kitten', ['sitting', 'mitten'], 'mitten'],
    ['abcdef', ['f', 'bcdef'], 'bcdef'],
  ])('nearest to %j in %j: %j', (word, names, near) => expect(nearest(word, names)).toBe(near));

  test('nearest of none is none', () => expect(nearest('a', [])).toBeUndefined());
});

describe('a refusal names the budget that has no room, its limit, and when it resets', () => {
  test.each([
    ['search/nightly', "budget 'search/nightly' has $0.00 left of $0.10 for the day, which ends at 2026-11-11T00:00Z"],
    ['search', "budget 'search' has $0.00 left of $2.00 for the month, which ends at 2026-12-01T00:00Z"],
    ['', "the environment's budget has $0.00 left of $10.00 for the month, which ends at 2026-12-01T00:00Z"],
  ])("'%s'", async (path, text) => {
    const { client, ledger } = await world({ budget: 'search/nightly' });
    const budget = ledger.of(path);
    budget.spent = budget.limit;
    const refusal = await refusalOf(client.send(ask()));
    expect(refusal).toMatchObject({ code: 'BUDGET_EXHAUSTED', retryAfterSeconds: 7 });
    expect(refusal.message).toContain(text);
    expect(ledger.of('search').held + ledger.of('').held).toBe(0);
  });

  test('of the week, with the limit in force rather than the configured one', async () => {
    const { client, ledger } = await world({ budget: 'ads' });
    Object.assign(ledger.of('ads'), { limit: usd(3), spent: usd(3) });
    const { message } = await refusalOf(client.send(ask()));
    expect(message).toContain('$0.00 left of $3.00 for the week, which ends at 2026-11-16T00:00Z');
  });

  test('with the configured limit, where the ledger knows of none', async () => {
    const { client, ledger } = await world({ budget: 'ads' });
    ledger.reserve = async () => ({
      kind: 'refused',
      soft: true,
      retryAfterSeconds: 1,
      remaining: ZERO,
      budget: 'ads',
    });
    const { message } = await refusalOf(client.send(ask()));
    expect(message).toContain("budget 'ads' has $0.00 free of $1.00 for the week while calls in flight hold the rest");
  });

  test('and where one is tight, calls to others still ask for budget and request limits at once', async () => {
    const {
      client,
      ledger,
      asked: requests,
    } = await world({
      rateLimit: { admit: () => Promise.reject(new Error('asked')), giveBack: async () => {} },
    });
    ledger.of('ads').spent = usd(1);
    await refusalOf(client.send(withGuard(ask(), { budget: 'ads' })));
    // Of the one that is tight the budget is asked first.
    await refusalOf(client.send(withGuard(ask(), { budget: 'ads' })));
    await expect(client.send(withGuard(ask(), { budget: 'search' }))).rejects.toThrow('asked');
    expect(requests.status).toBe(1);
  });
});

describe('a deployed guard that does not know a budget of the config', () => {
  const warned = async (limits: Record<string, ReturnType<typeof usd>> | undefined, config = NESTED) => {
    const clock = { now: NOW };
    const { client, events, ledger } = await world({
      config,
      now: () => clock.now,
      meter: () => openStatus(clock.now, limits ? { budgets: { limits, since: NOW } } : {}),
    });
    for (const _ of [1, 2]) {
      await client.send(ask());
      clock.now += 60_000;
    }
    expect(ledger.settled).toHaveLength(2);
    return events.flatMap(({ name, attributes }) => (name === 'warning' ? [attributes['spend_guard.message']] : []));
  };

  test('is warned of once, and the calls go on', async () => {
    const { ads: _, ...others } = LIMITS;
    const messages = await warned(others);
    expect(messages).toHaveLength(1);
    expect(messages[0]).toContain("the deployed guard of dev does not know 'ads'");
  });

  test('none at all: it is of an earlier release', async () => {
    expect((await warned(undefined)).join()).toContain("'search', 'search/nightly', 'ads'");
  });

  test('one of a name that every object has', async () => {
    const config = { ...CONFIG, budgets: [{ path: 'constructor', period: 'day' as const, limit: usd(1) }] };
    expect((await warned({}, config)).join()).toContain("'constructor'");
  });

  test('one that knows all, and others besides, is not', async () => {
    expect(await warned({ ...LIMITS, older: usd(1) })).toEqual([]);
    expect(await warned(undefined, CONFIG)).toEqual([]);
  });
});
