import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { usd } from '../../core/money';
import { startServer, type Serving } from '../../server';
import { seededRandom } from '../../simulator/random';
import { CONFIG, MemoryLedger, openStatus } from '../helpers/guarded-client';
import { MOST_BYTES } from './fuzz/altered';
import { KINDS } from './fuzz/kinds';
import { sendHttp1, type Outcome } from './fuzz/send-h1';
import { sendHttp2 } from './fuzz/send-h2';
import { fuzzUpstream, type FuzzUpstream } from './fuzz/upstream';

const SEED = Number(process.env['SERVE_FUZZ_SEED'] ?? 20);
const RUNS = Number(process.env['SERVE_FUZZ_RUNS'] ?? 1_000);
const AT_ONCE = 24;
/** Until whoever was left has noticed. */
const NOTICED_MS = 10_000;

interface Ended {
  readonly kind: string;
  readonly outcome: Outcome;
}

describe(`${RUNS} requests of chance, seed ${SEED}`, () => {
  const ledger = new MemoryLedger(usd(5_000));
  const ended = new Map<string, Ended>();
  const unheard: unknown[] = [];
  const hear = (reason: unknown) => unheard.push(reason);
  let upstream: FuzzUpstream;
  let serving: Serving;

  beforeAll(async () => {
    process.on('unhandledRejection', hear);
    upstream = await fuzzUpstream(CONFIG, () => ledger.reserved.length);
    serving = await startServer({
      config: { config: { ...CONFIG, limit: usd(5_000) } },
      ...{ host: '127.0.0.1', port: 0, requireKey: false, behindTls: false },
      upstream: { endpoint: upstream.endpoint },
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
      // Nobody is left: a stop that waits has forgotten whom it waits for, and the test hangs.
      limits: { bodyBytes: MOST_BYTES, stopMs: 3_600_000 },
      // No table, and no key that it knows.
      callers: { find: async () => undefined },
      guard: {
        ledger,
        rateLimit: { admit: async () => ({ kind: 'admitted' }) },
        status: { read: async () => openStatus(Date.now(), { limit: usd(5_000) }) },
      },
    });
    const names = Object.keys(KINDS);
    let next = 0;
    const caller = async () => {
      for (let n = next++; n < RUNS; n = next++) {
        // By turns: each kind has its share, whatever the count.
        const name = names[n % names.length]!;
        const id = `case-${n}`;
        ended.set(id, { kind: name, outcome: await ask(name, id) });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, caller));
    for (let waited = 0; ledger.active > 0 && waited < NOTICED_MS; waited += 20)
      await new Promise((resolve) => setTimeout(resolve, 20));
  });

  afterAll(async () => {
    await serving?.stop();
    await upstream?.stop();
    process.off('unhandledRejection', hear);
  });

  function ask(kind: string, id: string): Promise<Outcome> {
    const { host, port } = new URL(serving.url);
    const one = KINDS[kind]!.make(seededRandom(SEED, id), id, host);
    return one.protocol === 'h1' ? sendHttp1(Number(port), one) : sendHttp2(Number(port), one);
  }

  const reached = (id: string) => upstream.billed.has(id) || upstream.free.includes(id);
  const broken = (wrong: (id: string, one: Ended) => boolean) =>
    [...ended].filter(([id, one]) => wrong(id, one)).map(([id, { kind, outcome }]) => `${id} ${kind}: ${outcome}`);

  test('how many were of each kind, and what became of them', () => {
    const rows = Object.keys(KINDS).map((kind) => {
      const outcomes: Record<string, number> = {};
      for (const one of ended.values()) if (one.kind === kind) outcomes[one.outcome] = (outcomes[one.outcome] ?? 0) + 1;
      const there = [...ended].filter(([id, one]) => one.kind === kind && reached(id)).length;
      const shown = Object.entries(outcomes).map(([outcome, count]) => `${outcome} x${count}`);
      return `${kind}: ${there} reached the upstream; ${shown.join(', ')}`;
    });
    process.stdout.write(`${rows.join('\n')}\n`);
    expect(ended.size).toBe(RUNS);
    const met = [...ended.keys()].filter(reached).length;
    expect(met / RUNS).toBeGreaterThan(0.2);
    expect(met / RUNS).toBeLessThan(0.8);
  });

  test('what is whole reaches the upstream, and what is not never does', () => {
    expect(broken((id, { kind }) => KINDS[kind]!.reaches === 'always' && !reached(id))).toEqual([]);
    expect(broken((id, { kind }) => KINDS[kind]!.reaches === 'never' && reached(id))).toEqual([]);
  });

  test('nothing reached the upstream without a price and a reservation', () => {
    expect(upstream.unpriced).toEqual([]);
  });

  test('each was answered or ended, none by an error of the server itself', () => {
    expect(broken((_, { outcome }) => outcome === 'hung')).toEqual([]);
    const own = (kind: string, outcome: Outcome) => /50[02]/.test(outcome) && kind !== 'a fault of the upstream';
    expect(broken((_, { kind, outcome }) => own(kind, outcome))).toEqual([]);
    expect(unheard).toEqual([]);
  });

  test('no hold is left, and no less was charged than the upstream billed', () => {
    const billed = [...upstream.billed.values()].flat().reduce((sum, cost) => sum + cost, 0);
    expect([ledger.active, ledger.of('').held]).toEqual([0, 0]);
    expect(ledger.spent).toBeGreaterThanOrEqual(billed);
    // One settlement for each reservation: the ledger itself throws where there is a second.
    expect(ledger.settled.length).toBe(ledger.reserved.length);
  });

  test('it serves as before', async () => {
    expect(await ask('whole', 'after')).toBe('200');
    expect(await ask('h2: whole', 'after, too')).toBe('200');
  });
});
