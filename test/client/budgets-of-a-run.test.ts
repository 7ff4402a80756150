import { describe, expect, test } from '@jest/globals';
import { ConverseCommand, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { withGuard } from '../../client/call-options';
import { LedgerUnavailable } from '../../core/ledger';
import { usd } from '../../core/money';
import { converseEvents, converseReply, failure } from '../helpers/bedrock-server';
import { CONFIG, PROFILE } from '../helpers/guarded-client';
import { ask as asked, type World } from '../helpers/guarded-server';
import { refusalOf } from '../helpers/refused';
import { ask, bound, clientOf, CONFIGURED, COST, DOLLARS, figures, TOKENS, world } from './run-world';

describe("a run's own cap", () => {
  test.each([
    ['below what a call may cost', -1, 'RUN_EXHAUSTED'],
    ['at it', 0, undefined],
    ['above it', 1, undefined],
  ])('%s', async (_, more, code) => {
    const most = await bound();
    const all = await world();
    const run = all.guard.run({ limitUsd: (most + more) / DOLLARS });
    const answer = run.applyTo(clientOf(all)).send(ask());
    if (code === undefined) {
      await answer;
      expect(figures(run)).toEqual([COST, most + more - COST]);
      return;
    }
    const refusal = await refusalOf(answer);
    expect(refusal).toMatchObject({ code, retryAfterSeconds: undefined });
    expect(refusal.message).toContain('this run has <$0.01 left of <$0.01 (limitUsd)');
    expect([all.ledger.reserved, all.server.received, all.asked.rate, figures(run)]).toEqual([
      [],
      [],
      0,
      [0, most - 1],
    ]);
  });

  test.each(['through clients', 'through guard.fetch', 'in two runs within it'])(
    '200 parallel calls %s overshoot it by nothing',
    async (how) => {
      const most = await bound();
      const bill = { nano: 0, calls: 0 };
      const all = await world({ waitMs: 0, protocol: how === 'through guard.fetch' ? 'h1' : 'h2' }, () => {
        bill.calls += 1;
        // Each third costs as much as it may.
        const full = bill.calls % 3 === 0;
        bill.nano += full ? most : COST;
        return converseReply(full ? { input: (most - 100 * 4_000) / 1_000, output: 100 } : TOKENS);
      });
      const limit = 20 * most + 1;
      const run = all.guard.run({ limitUsd: limit / DOLLARS });
      const inner = how === 'in two runs within it' ? [run.run({ limitUsd: 5 }), run.run({ limitUsd: 5 })] : [run];
      const clients = inner.map((one) => one.applyTo(clientOf(all)));
      const url = `${all.server.endpoint}/model/${encodeURIComponent(PROFILE)}/converse`;
      const body = JSON.stringify({ ...ask().input, modelId: undefined });
      const send = (n: number): Promise<unknown> =>
        how === 'through guard.fetch'
          ? run.fetch(url, { method: 'POST', body }).then((response) => response.arrayBuffer())
          : clients[n % clients.length]!.send(ask()).catch((error: unknown) => error);
      // Seven rounds: what calls did not use is had again by later ones.
      for (let round = 0; round < 7; round += 1) {
        await Promise.all(Array.from({ length: 200 }, (_, n) => send(n)));
      }
      expect(bill.nano).toBeLessThanOrEqual(limit);
      expect(limit - bill.nano).toBeLessThan(most);
      expect(figures(run)).toEqual([bill.nano, limit - bill.nano]);
      expect([all.ledger.active, all.ledger.spent]).toEqual([0, bill.nano]);
    },
    30_000,
  );

  test('no write more: the ledger is asked once for each call, and of a refused one not at all', async () => {
    const all = await world();
    const run = all.guard.run({ limitUsd: 0.0006 });
    const client = run.applyTo(clientOf(all));
    let refused = 0;
    for (let call = 0; call < 5; call += 1) await client.send(ask()).catch(() => (refused += 1));
    expect(refused).toBeGreaterThan(0);
    expect(all.ledger.reserved).toHaveLength(5 - refused);
    expect(all.ledger.settled).toHaveLength(5 - refused);
  });

  test('a call waits for room where only calls of the run in flight are in its way', async () => {
    const all = await world({ waitMs: 3_000 });
    const run = all.guard.run({ limitUsd: ((await bound()) + COST) / DOLLARS });
    const client = run.applyTo(clientOf(all));
    await Promise.all([client.send(ask()), client.send(ask())]);
    expect(figures(run)[0]).toBe(2 * COST);
  });

  test('and is refused softly where it may not wait', async () => {
    const all = await world({ waitMs: 0 });
    const run = all.guard.run({ limitUsd: ((await bound()) + COST) / DOLLARS });
    const client = run.applyTo(clientOf(all));
    const [first, second] = [client.send(ask()), refusalOf(client.send(ask()))];
    expect(await second).toMatchObject({ code: 'RUN_EXHAUSTED', retryAfterSeconds: 1 });
    expect((await second).message).toContain('while its calls in flight hold the rest');
    await first;
  });

  test('a missing maxTokens takes no more of it than there is', async () => {
    const maxOutputTokens = { [CONFIG.models[0]!.id]: 50_000 };
    const all = await world({ maxOutputTokens });
    const run = all.guard.run({ limitUsd: 0.05 });
    await run.applyTo(clientOf(all)).send(new ConverseCommand(asked()));
    expect(all.server.received[0]!.body['inferenceConfig']).toEqual({ maxTokens: 1_000 });
  });
});

describe('what a run has spent', () => {
  test('a stream is settled when it has ended', async () => {
    const all = await world({}, { events: converseEvents(TOKENS) });
    const run = all.guard.run({ limitUsd: 1 });
    const { stream } = await run.applyTo(clientOf(all)).send(new ConverseStreamCommand(ask().input));
    expect(figures(run)).toEqual([0, DOLLARS - all.ledger.reserved[0]!]);
    for await (const _ of stream!);
    expect(figures(run)).toEqual([COST, DOLLARS - COST]);
  });

  test.each([
    ['what Bedrock refuses is free', failure(429, 'ThrottlingException'), 0],
    ['what may have run is charged in full', failure(500, 'InternalServerException'), 1],
  ])('%s', async (_, answer, inFull) => {
    const all = await world({}, answer);
    const run = all.guard.run({ limitUsd: 1 });
    await expect(run.applyTo(clientOf(all)).send(ask())).rejects.toThrow();
    expect(figures(run)[0]).toBe(inFull * all.ledger.reserved[0]!);
  });

  test.each([
    ['refuses', (all: World) => (all.ledger.of('').spent = usd(10))],
    ['is away', (all: World) => (all.ledger.reserve = () => Promise.reject(new LedgerUnavailable('away')))],
  ])('nothing of a call that the ledger %s', async (_, make) => {
    const all = await world();
    make(all);
    const run = all.guard.run({ limitUsd: 1 });
    await refusalOf(run.applyTo(clientOf(all)).send(ask()));
    expect(figures(run)).toEqual([0, DOLLARS]);
  });

  test('nothing of a call that the request limits refuse, or that its caller gives up', async () => {
    const refused = await world({
      rateLimit: { admit: async () => ({ kind: 'refused', window: 'day', retryAfterSeconds: 9 }) },
    });
    const one = refused.guard.run({ limitUsd: 1 });
    expect(await refusalOf(one.applyTo(clientOf(refused)).send(ask()))).toMatchObject({ code: 'RATE_LIMITED' });
    const given = await world({ waitMs: 60_000 });
    const two = given.guard.run({ limitUsd: ((await bound()) + COST) / DOLLARS });
    const gone = new AbortController();
    const client = two.applyTo(clientOf(given));
    const calls = [client.send(ask()), client.send(ask(), { abortSignal: gone.signal })];
    setTimeout(() => gone.abort(), 20);
    const [, second] = await Promise.allSettled(calls);
    expect(second).toMatchObject({ status: 'rejected', reason: { name: 'AbortError' } });
    await new Promise((resolve) => setTimeout(resolve, 250));
    expect([figures(one)[0], ...figures(two)]).toEqual([0, COST, await bound()]);
  });

  test('answers from the cache, which are those of the whole guard, cost it nothing', async () => {
    const all = await world({ config: { ...CONFIGURED, cacheMinutes: 5 } });
    await all.client.send(ask());
    const run = all.guard.run({ limitUsd: 1 });
    const { $metadata } = await run.applyTo(clientOf(all)).send(ask());
    expect($metadata).toMatchObject({ spendGuard: { cached: true } });
    expect([figures(run)[0], all.server.received.length]).toEqual([0, 1]);
  });

  test('an answer that costs more than it may: all of it', async () => {
    const all = await world({}, converseReply({ input: 10, output: 1_000 }));
    const run = all.guard.run({ limitUsd: 0.001 });
    const client = run.applyTo(clientOf(all));
    await client.send(ask());
    expect(figures(run)).toEqual([10_000 + 4_000_000, 0]);
    expect((await refusalOf(client.send(ask()))).code).toBe('RUN_EXHAUSTED');
  });
});

describe('runs within a run', () => {
  test('hold within the outer one, which has what they spent', async () => {
    const all = await world();
    const outer = all.guard.run({ limitUsd: (2 * (await bound())) / DOLLARS });
    const inner = outer.run({ limitUsd: 5 });
    const client = inner.applyTo(clientOf(all));
    expect(inner.remaining()).toBe(outer.remaining());
    await client.send(ask());
    expect([figures(inner)[0], figures(outer)[0]]).toEqual([COST, COST]);
    for (;;) {
      const refusal = await client.send(ask()).then(
        () => undefined,
        (error: unknown) => error as Error,
      );
      if (!refusal) continue;
      expect(refusal.message).toContain('a run that this one is within has');
      break;
    }
    // The guard's other calls are not in it.
    await all.client.send(ask());
  });

  test('have a cap of their own too, which is none of the outer one', async () => {
    const all = await world();
    const outer = all.guard.run({ limitUsd: 1 });
    const inner = outer.run({ limitUsd: 0.000001 });
    expect((await refusalOf(inner.applyTo(clientOf(all)).send(ask()))).message).toContain('this run has');
    await outer.applyTo(clientOf(all)).send(ask());
    expect([figures(outer)[0], figures(inner)[0]]).toEqual([COST, 0]);
  });
});

describe('the budget of a run', () => {
  test('is that of the guard, or of the outer run, unless it has its own; a call may name another', async () => {
    const all = await world({ budget: 'jobs' });
    await all.guard.run({ limitUsd: 1 }).applyTo(clientOf(all)).send(ask());
    expect(all.ledger.of('jobs').spent).toBe(COST);
    const own = all.guard.run({ limitUsd: 1, budget: '' });
    await own.run({ limitUsd: 1 }).applyTo(clientOf(all)).send(ask());
    expect([all.ledger.of('jobs').spent, all.ledger.spent]).toEqual([COST, 2 * COST]);
    await own.applyTo(clientOf(all)).send(withGuard(ask(), { budget: 'jobs' }));
    expect([all.ledger.of('jobs').spent, figures(own)[0]]).toEqual([2 * COST, 2 * COST]);
  });

  test('that there is not is a TypeError', async () => {
    const { guard } = await world();
    const run = () => guard.run({ limitUsd: 1, budget: 'job' });
    expect(run).toThrow(TypeError);
    expect(run).toThrow("the budget of guard.run: the client config of dev has no budget 'job': did you mean 'jobs'?");
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 10_000_000, '5', undefined])(
    'limitUsd: %p is a TypeError',
    async (limitUsd) => {
      const { guard } = await world();
      const run = () => guard.run({ limitUsd: limitUsd as number });
      expect(run).toThrow(TypeError);
      expect(run).toThrow(`limitUsd: must be a number of dollars above 0, such as 5, got ${String(limitUsd)}`);
    },
  );
});
