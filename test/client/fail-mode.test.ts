import { afterEach, describe, expect, jest, test } from '@jest/globals';
import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import type { ClientConfig, FailMode } from '../../core/in-path/config';
import { usd } from '../../core/money';
import { LedgerContended, LedgerUnavailable } from '../../core/ledger/ports';
import { refusalIn } from '../../client/refusal';
import { bedrockServer, converseReply, type BedrockServer } from '../helpers/bedrock-server';
import { CONFIG, guarded, openStatus, SMALL, type GuardedOptions } from '../helpers/guarded-client';

/** Only the timers of deadlines are turned by hand: the connection goes on by itself. */
const REAL = [
  ...(['nextTick', 'setImmediate', 'clearImmediate', 'queueMicrotask'] as const),
  ...(['setInterval', 'Date', 'performance'] as const),
];

let server: BedrockServer;
afterEach(() => {
  jest.useRealTimers();
  return server.stop();
});

const withMode = (whenAway: FailMode): ClientConfig => ({ ...CONFIG, inPath: { ...CONFIG.inPath, whenAway } });
const CLOSED = withMode({ kind: 'closed' });
/** One call's bound, of a thousand tokens of answer, is some $0.0041. */
const OPEN = withMode({ kind: 'open', cap: usd('0.01') });

async function world(options: GuardedOptions) {
  server = await bedrockServer(() => converseReply({ input: 10, output: 20 }));
  return guarded(server.endpoint, options);
}

const ask = () => new ConverseCommand({ modelId: SMALL, messages: [{ role: 'user', content: [{ text: 'hello' }] }] });
const never = () => new Promise<never>(() => {});
const codeOf = (send: Promise<unknown>): Promise<string> =>
  send.then(
    () => 'sent',
    (error: unknown) => refusalIn(error)?.code ?? String(error),
  );

describe('when too many write to the leases table at once', () => {
  test.each(['ledger', 'limits'])(
    'of the %s: refused softly, nothing opens, and the table is asked again',
    async (which) => {
      let isBusy = true;
      const contended = () => Promise.reject(new LedgerContended('others were faster'));
      const admit = () => (isBusy && which === 'limits' ? contended() : Promise.resolve({ kind: 'admitted' as const }));
      const { client, ledger, events } = await world({ config: OPEN, rateLimit: { admit } });
      const reserve = ledger.reserve.bind(ledger);
      if (which === 'ledger') ledger.reserve = contended;
      await expect(client.send(ask())).rejects.toMatchObject({ code: 'GUARD_UNAVAILABLE', retryAfterSeconds: 1 });
      expect(server.received).toEqual([]);
      ledger.reserve = reserve;
      isBusy = false;
      expect(await client.send(ask()).then(() => 'sent')).toBe('sent');
      expect(events.filter(({ name }) => name === 'away')).toEqual([]);
    },
  );
});

describe('when the leases table is away', () => {
  test.each([
    ['its ledger', { away: 'ledger' }],
    ['its status', { away: 'status' }],
    ['its request limits', { away: 'rate' }],
  ] as const)('closed: %s does not answer, and the call is refused', async (_, { away }) => {
    const refuse = () => Promise.reject(new LedgerUnavailable('away'));
    const { client, ledger } = await world({
      config: CLOSED,
      ...(away === 'status' ? { status: { read: refuse } } : {}),
      ...(away === 'rate' ? { rateLimit: { admit: refuse } } : {}),
    });
    ledger.away = away === 'ledger';
    expect(await codeOf(client.send(ask()))).toBe('GUARD_UNAVAILABLE');
    expect(server.received).toEqual([]);
  });

  test('it is decided 2.9 s after the call, although all three hang; later calls do not wait at all', async () => {
    let now = Date.UTC(2026, 10, 10);
    const { client, ledger } = await world({
      config: OPEN,
      now: () => now,
      status: { read: never },
      rateLimit: { admit: never },
    });
    ledger.reserve = never;
    jest.useFakeTimers({ doNotFake: REAL });
    const pass = async (ms: number) => {
      now += ms;
      await jest.advanceTimersByTimeAsync(ms);
    };
    let first = 'waiting';
    const sent = codeOf(client.send(ask())).then((code) => (first = code));
    await new Promise(setImmediate);
    await pass(2_899);
    await new Promise(setImmediate);
    expect([first, server.received.length]).toEqual(['waiting', 0]);
    await pass(1);
    expect(await sent).toBe('sent');
    expect(await codeOf(client.send(ask()))).toBe('sent');
  });

  test('open: up to the cap of this process, by bounds while calls run and by usage after', async () => {
    const { client, ledger } = await world({ config: OPEN });
    ledger.away = true;
    const codes = await Promise.all([1, 2, 3].map(() => codeOf(client.send(ask()))));
    expect(codes.sort()).toEqual(['GUARD_UNAVAILABLE', 'sent', 'sent']);
    // Each used $0.00009 of the $0.0041 that it was held at: there is room again.
    expect(await codeOf(client.send(ask()))).toBe('sent');
  });

  test('open, and the table back: the ledger is asked again after five seconds', async () => {
    let now = Date.UTC(2026, 10, 10);
    const { client, ledger } = await world({ config: OPEN, now: () => now });
    ledger.away = true;
    await client.send(ask());
    ledger.away = false;
    now += 4_999;
    await client.send(ask());
    expect(ledger.reserved).toHaveLength(0);
    now += 1;
    await client.send(ask());
    expect(ledger.reserved).toHaveLength(1);
  });

  test("open, and only the meter's word too old: the ledger still counts, and the cap holds beside it", async () => {
    const now = Date.UTC(2026, 10, 10);
    const { client, ledger } = await world({ config: OPEN, now: () => now, meter: () => openStatus(now - 600_001) });
    const codes = await Promise.all([1, 2, 3].map(() => codeOf(client.send(ask()))));
    expect(codes.sort()).toEqual(['GUARD_UNAVAILABLE', 'sent', 'sent']);
    expect(ledger.settled).toHaveLength(2);
    expect(ledger.active).toBe(0);
  });

  test('open: the cap is one of a month', async () => {
    let now = Date.UTC(2026, 10, 30, 23, 59, 59);
    const { client, ledger } = await world({
      config: withMode({ kind: 'open', cap: usd('0.0042') }),
      now: () => now,
    });
    ledger.away = true;
    await client.send(ask());
    expect(await codeOf(client.send(ask()))).toBe('GUARD_UNAVAILABLE');
    now += 1_000;
    expect(await codeOf(client.send(ask()))).toBe('sent');
  });

  test('a reservation that comes too late is given back', async () => {
    const { client, ledger } = await world({ config: OPEN });
    const reserve = ledger.reserve.bind(ledger);
    let late = () => {};
    ledger.reserve = async (amount) => {
      await new Promise<void>((resolve) => {
        late = resolve;
      });
      return reserve(amount);
    };
    jest.useFakeTimers({ doNotFake: REAL });
    const sent = codeOf(client.send(ask()));
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    await jest.advanceTimersByTimeAsync(2_900);
    expect(await sent).toBe('sent');
    late();
    await new Promise(setImmediate);
    expect(ledger.settled.map(({ spent }) => spent)).toEqual([0]);
  });

  test('a settlement that the table does not take costs the caller nothing but a warning', async () => {
    const { client, ledger, events } = await world({ config: CLOSED });
    ledger.settle = () => Promise.reject(new LedgerUnavailable('away'));
    expect(
      await codeOf(client.send(new ConverseCommand({ ...ask().input, inferenceConfig: { maxTokens: 1_000 } }))),
    ).toBe('sent');
    expect(events.map(({ name }) => name)).toEqual(['allowed', 'settled', 'warning']);
  });
});

describe('near the cap', () => {
  test('a call that only others in flight keep out waits for them, up to its time', async () => {
    const { client, ledger } = await world({ config: { ...CONFIG, limit: usd('0.005') }, waitMs: 3_000 });
    const both = await Promise.all([codeOf(client.send(ask())), codeOf(client.send(ask()))]);
    expect(both).toEqual(['sent', 'sent']);
    expect(ledger.settled).toHaveLength(2);
  });

  test('one that does not fit at all is refused at once', async () => {
    const { client } = await world({ config: { ...CONFIG, limit: usd('0.004') }, waitMs: 60_000 });
    expect(await codeOf(client.send(ask()))).toBe('BUDGET_EXHAUSTED');
  });
});
