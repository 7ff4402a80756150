import { utcMonth } from '../../../core/calendar';
import { releaseAll } from '../../../core/ledger/budget';
import { dynamoDbLedgerStore } from '../../../client/adapters/dynamodb-ledger-store';
import { exactSizing, leaseSizing, type Sizing } from '../../../core/ledger/sizing';
import { nanoUsd, usd, ZERO, type NanoUsd } from '../../../core/money';
import type { GuardStatus } from '../../../core/ledger/ports';
import { LedgerUnavailable, type LedgerPort, type Reservation } from '../../../core/ledger/ports';
import { LedgerProcesses, reserved } from '../../helpers/ledger-processes';
import { checkLedger } from '../../helpers/ledger-world';

/** A month's ledger under a meter that says what it is told to. */
function world(limit: NanoUsd = usd(100), at = '2026-11-12T10:20:00Z') {
  const processes = new LedgerProcesses(limit, at);
  let status: GuardStatus | undefined;
  const start = (options = {}, sizing: Sizing = exactSizing()): LedgerPort =>
    processes.start(sizing, { status: () => status, unsettledPerHour: limit, ...options });
  return {
    processes,
    start,
    ledger: start(),
    /** All hours of the day until `until` are complete with `spent`, and so is the month but for what comes after. */
    meterSays: (until: string, spent: NanoUsd, spentAtLeast: NanoUsd = spent): void => {
      const complete = { until: Date.parse(`2026-11-12T${until}:00Z`), spent };
      const month = utcMonth(processes.time.now);
      status = { desired: 'open', asOf: processes.time.now, month, limit, spentAtLeast, complete };
    },
    pass: (minutes: number) => processes.pass(minutes * 60),
  };
}

/** A call whose bound is charged since nobody told what it used. */
async function broken(ledger: LedgerPort, bound: NanoUsd): Promise<void> {
  await ledger.settle(reserved(await ledger.reserve(bound)), bound, bound);
}

async function call(ledger: LedgerPort, spent: NanoUsd): Promise<void> {
  await ledger.settle(reserved(await ledger.reserve(spent)), spent);
}

describe('what was charged without known usage', () => {
  test('is told apart from what was', async () => {
    const { processes, ledger } = world();
    await call(ledger, usd(3));
    await broken(ledger, usd(5));
    expect(processes.state()).toMatchObject({ spent: usd(8), unsettled: usd(5), remaining: usd(92) });
  });

  test('an outage of two hours comes back once the meter has the hours, all of it', async () => {
    const { processes, ledger, meterSays, pass } = world();
    await call(ledger, usd(3));
    for (let n = 0; n < 8; n += 1) {
      await broken(ledger, usd('0.5'));
      await pass(10);
    }
    expect(processes.state()).toMatchObject({ spent: usd(7), unsettled: usd(4) });
    await pass(100);
    meterSays('13:00', usd(3));
    await call(ledger, usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(4), unsettled: 0, remaining: usd(96) });
    checkLedger(processes.table);
  });

  test.each([
    ['nothing of it was used', usd(3), usd(0)],
    ['some was', usd(5), usd(2)],
    ['all was', usd(7), usd(4)],
    ['callers without the plugin used more beside', usd(50), usd(4)],
  ])('%s: what the meter saw beyond what callers told stays', async (_, seen, left) => {
    const { processes, ledger, meterSays, pass } = world();
    await call(ledger, usd(3));
    await broken(ledger, usd(4));
    await pass(200);
    meterSays('13:00', seen, ZERO);
    await call(ledger, ZERO);
    await call(ledger, usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(4) + left, unsettled: left });
  });

  test.each([
    ['10:49', '12:00', true],
    // Its hour is the next: clocks may differ by five minutes.
    ['10:55', '12:00', false],
    ['10:55', '13:00', true],
    ['11:54', '13:00', true],
    ['11:55', '13:00', false],
  ])('charged at %s, with all complete until %s: %s', async (at, until, back) => {
    const { processes, ledger, meterSays, pass } = world(usd(100), `2026-11-12T${at}:00Z`);
    await broken(ledger, usd(4));
    await pass(180);
    meterSays(until, ZERO);
    await call(ledger, usd(1));
    expect(processes.state().unsettled).toBe(back ? 0 : usd(4));
  });

  test('a crash comes back too, once, and its process, which only stood still, is charged what it used then', async () => {
    const { processes, start, ledger, meterSays, pass } = world();
    const paused = start();
    const reservation = reserved(await paused.reserve(usd(60)));
    await pass(17);
    await ledger.reserve(usd(50));
    expect(processes.state()).toMatchObject({ spent: usd(60), unsettled: usd(60) });
    await pass(200);
    meterSays('13:00', ZERO);
    await call(ledger, usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(1), unsettled: 0, remaining: usd(99) });
    expect(processes.holds()).toEqual([]);
    await paused.settle(reservation, usd(5));
    await call(paused, usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(7), remaining: usd(93) });
    checkLedger(processes.table);
  });

  test('a charged hold stays as long as its calls may go on at the provider', async () => {
    const { processes, start, ledger, meterSays, pass } = world();
    await start().reserve(usd(60));
    await pass(17);
    await ledger.reserve(usd(50));
    await pass(100);
    meterSays('11:00', ZERO);
    await call(ledger, usd(1));
    expect(processes.holds()).toMatchObject([{ claim: 'charged', amount: usd(60) }]);
  });

  test('a hold that is alive is never part of it', async () => {
    const { processes, ledger, meterSays, pass } = world();
    const inFlight = reserved(await ledger.reserve(usd(60)));
    await pass(200);
    meterSays('13:00', ZERO);
    await call(ledger, usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(1), remaining: usd(39) });
    await ledger.settle(inFlight, usd(10));
    expect(processes.state()).toMatchObject({ spent: usd(11), remaining: usd(89) });
  });

  test('what the meter says is spent at least is spent, whatever comes back', async () => {
    const { processes, ledger, meterSays, pass } = world();
    await broken(ledger, usd(4));
    await pass(200);
    meterSays('13:00', ZERO, usd(3));
    await call(ledger, ZERO);
    await call(ledger, usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(4), raised: usd(3), unsettled: 0 });
    checkLedger(processes.table);
  });

  test('without a word of complete hours nothing comes back', async () => {
    const { processes, ledger, pass } = world();
    await broken(ledger, usd(4));
    await pass(600);
    await call(ledger, usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(5), unsettled: usd(4) });
  });

  test.each([
    ['in time', 0, ZERO],
    ['when the hours it speaks of are forgotten', 8 * 60, usd(4)],
  ])('a word of the meter that is heard %s', async (_, late, left) => {
    const { processes, start, meterSays, pass } = world(usd(100), '2026-11-12T06:20:00Z');
    const unaware = start({ status: () => undefined });
    await broken(unaware, usd(4));
    await pass(140);
    meterSays('08:00', late === 0 ? ZERO : usd(4));
    await pass(1);
    await call(unaware, usd(4));
    await pass(late);
    await call(unaware, usd(1));
    await call(start(), usd(1));
    expect(processes.state()).toMatchObject({ unsettled: left, spent: usd(6) + left });
  });

  test('many who find it give it back once', async () => {
    const { processes, start, ledger, meterSays, pass } = world();
    await broken(ledger, usd(4));
    await pass(200);
    meterSays('13:00', ZERO);
    await Promise.all(Array.from({ length: 20 }, () => call(start(), usd(1))));
    expect(processes.state()).toMatchObject({ spent: usd(20), unsettled: 0, remaining: usd(80) });
  });
});

test('of hundreds of crashes the holds are forgotten bit by bit, in expressions that DynamoDB takes, and all comes back', async () => {
  const { processes, ledger, meterSays, start, pass } = world(usd(100));
  for (let n = 0; n < 250; n += 1) reserved(await start().reserve(usd('0.1')));
  await pass(17);
  // A refused call looks for the dead, and waits for no more than twenty writes.
  for (let charged = 20; charged < 270; charged += 20) {
    const before = processes.table.writeUnits;
    expect((await ledger.reserve(usd(90))).kind).toBe('refused');
    expect(processes.table.writeUnits - before).toBeLessThanOrEqual(20 * 10);
    expect(processes.state().unsettled).toBe(Math.min(charged, 250) * usd('0.1'));
    await pass(0.2);
  }
  expect(processes.state()).toMatchObject({ unsettled: usd(25), remaining: usd(75) });
  await pass(200);
  for (const left of [150, 50, 0]) {
    meterSays('13:00', ZERO);
    await call(ledger, usd('0.01'));
    await pass(1);
    expect(processes.holds()).toHaveLength(left);
    expect(processes.state().unsettled).toBe(left === 0 ? 0 : usd(25));
    checkLedger(processes.table);
  }
  expect(processes.state()).toMatchObject({ spent: usd('0.03'), remaining: usd('99.97') });
});

test.each([
  ['exact', exactSizing()],
  ['lease', leaseSizing],
])(
  '%s: one of four processes killed at a small cap: in the end at least 95%% of it is used, and never more',
  async (_, sizing) => {
    const { processes, meterSays, pass, start } = world(usd(1));
    const BOUND = usd('0.02');
    const ledgers = Array.from({ length: 4 }, () => start({}, sizing));
    let billed = 0;
    /** Calls cost a third of their bound, five at a time each, until the budget lets none in. */
    const spendAll = async (ofThem: readonly LedgerPort[]) => {
      for (let refused = 0; refused < ofThem.length * 5;) {
        refused = 0;
        const each = ofThem.flatMap((ledger) => Array.from({ length: 5 }, () => ledger));
        const round = Promise.all(
          each.map(async (ledger) => {
            const outcome = await ledger.reserve(BOUND);
            if (outcome.kind === 'refused') return void (refused += 1);
            const spent = nanoUsd(Math.floor(BOUND / 3));
            billed += spent;
            await ledger.settle(outcome.reservation, spent);
          }),
        );
        await processes.settles(round);
        expect(billed).toBeLessThanOrEqual(usd(1));
      }
    };
    const [killed, ...others] = ledgers;
    // Five calls of it are under way when it dies; what they use is billed.
    for (let n = 0; n < 5; n += 1) reserved(await killed!.reserve(BOUND));
    billed += 5 * Math.floor(BOUND / 3);
    processes.kill(killed!);
    await spendAll(others);
    const before = billed / usd(1);
    // Somebody finds the dead, and the meter has the hours.
    await pass(30);
    await spendAll(others);
    await pass(210);
    meterSays('14:00', nanoUsd(billed));
    await processes.settles(Promise.all(others.map((ledger) => call(ledger, ZERO))));
    await spendAll(others);
    process.stdout.write(
      `${sizing === leaseSizing ? 'lease' : 'exact'}: ${(before * 100).toFixed(1)}% used before the meter spoke, ${((billed / usd(1)) * 100).toFixed(1)}% after\n`,
    );
    expect(billed / usd(1)).toBeGreaterThan(0.95);
  },
);

describe('the most that is charged without known usage in an hour', () => {
  test.each([
    [usd('9.999999999'), 'reserved'],
    [usd(10), 'refused'],
    [usd('10.000000001'), 'refused'],
  ])('%d nano-dollars of $10: the next call is %s', async (charged, kind) => {
    const { ledger } = world(usd(100));
    const capped = world(usd(100));
    const one = capped.start({ unsettledPerHour: usd(10) });
    await broken(one, charged);
    expect((await one.reserve(usd(1))).kind).toBe(kind);
    await broken(ledger, charged);
    expect((await ledger.reserve(usd(1))).kind).toBe('reserved');
  });

  test('holds calls up until the hour is over, and says so', async () => {
    const { start, pass } = world(usd(100));
    const ledger = start({ unsettledPerHour: usd(10) });
    await broken(ledger, usd(10));
    // Hours turn five minutes early: it is 10:20.
    expect(await ledger.reserve(usd(1))).toEqual({
      ...{ kind: 'refused', soft: false, unsettled: true },
      ...{ retryAfterSeconds: 35 * 60, remaining: usd(90) },
    });
    await pass(35);
    expect((await ledger.reserve(usd(1))).kind).toBe('reserved');
  });

  test('is a fifth of the limit by default, over all processes, each of which knows with its next write', async () => {
    const processes = new LedgerProcesses(usd(100));
    const [one, two] = [1, 2].map(() => processes.start(exactSizing(), { unsettledPerHour: undefined as never }));
    await broken(one!, usd('19.99'));
    await broken(two!, usd('0.01'));
    await call(one!, usd(1));
    expect(await one!.reserve(usd(1))).toMatchObject({ kind: 'refused', unsettled: true });
  });
});

describe('a person releases what a process was charged that is cut off from the table', () => {
  const note = { by: 'ana', reason: 'outage', at: 1 };

  async function cutOff(meanwhile: (ledger: LedgerPort, inFlight: Reservation) => Promise<void>) {
    const { processes, start, pass } = world();
    let away = false;
    const documents = (isAway: () => boolean) => ({
      send: async (command: unknown) => {
        if (isAway()) throw new Error('connect ECONNREFUSED');
        return structuredClone(processes.table.run(command));
      },
    });
    const ledger = start({ documents: documents(() => away) });
    const inFlight = reserved(await ledger.reserve(usd(60)));
    away = true;
    await meanwhile(ledger, inFlight);
    await pass(17);
    await start().reserve(usd(50));
    const { now } = processes.time;
    const store = dynamoDbLedgerStore({
      ...{ tableName: 'leases', scope: 'production', now: () => now, random: () => 0.5 },
      ...{ documents: documents(() => false) as never, after: (ms, run) => processes.time.after(ms, run) },
    });
    const back = releaseAll(processes.record(), undefined, note);
    expect(await store.release(utcMonth(now), back!)).toBe(true);
    expect(processes.state()).toMatchObject({ spent: ZERO, remaining: usd(100), unsettled: 0 });
    checkLedger(processes.table);
    away = false;
    return { processes, ledger, inFlight };
  }

  test('what is in flight is held again with the next write', async () => {
    const { processes, ledger, inFlight } = await cutOff(() => Promise.resolve());
    expect(await ledger.reserve(usd('40.000000001'))).toMatchObject({ kind: 'refused' });
    await call(ledger, usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(1), remaining: usd(39) });
    await ledger.settle(inFlight, usd(5));
    expect(processes.state()).toMatchObject({ spent: usd(6), remaining: usd(94) });
    expect(processes.holds()).toEqual([]);
    checkLedger(processes.table);
  });

  test('what was told meanwhile and did not reach the table is spent', async () => {
    const { processes, ledger } = await cutOff((cut, inFlight) =>
      expect(cut.settle(inFlight, usd(5))).rejects.toThrow(LedgerUnavailable),
    );
    await call(ledger, usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(6), remaining: usd(94) });
    expect(processes.holds()).toEqual([]);
    checkLedger(processes.table);
  });
});
