import { exactSizing, leaseSizing, type Sizing } from '../../../core/ledger/sizing';
import { nanoUsd, usd, ZERO } from '../../../core/money';
import { LedgerUnavailable } from '../../../core/ledger/ports';
import { broken, meter } from '../../helpers/ledger-meter';
import { LedgerProcesses, reserved, spend } from '../../helpers/ledger-processes';

/** One process; `at` are the seconds, since `from`, at which the table was asked. */
function process(sizing: Sizing, limit = usd(1000)) {
  const processes = new LedgerProcesses(limit);
  const asked = { at: [] as number[], from: processes.time.now, away: false };
  const send = async (command: unknown) => {
    asked.at.push((processes.time.now - asked.from) / 1000);
    if (asked.away) throw new Error('connect ECONNREFUSED');
    return structuredClone(processes.table.run(command));
  };
  const ledger = processes.start(sizing, { documents: { send } as never });
  return {
    processes,
    ledger,
    asked,
    held: () => processes.holds()[0]?.amount ?? ZERO,
    passMs: (ms: number) => processes.time.runUntil(processes.time.now + ms),
    /** Forgets what was asked. */
    from: () => {
      asked.at.length = 0;
      asked.from = processes.time.now;
    },
  };
}

describe('a store that is away', () => {
  test('is asked again after 1, 2, 4 seconds and so on to 30, and once it was back from 1 on', async () => {
    const { processes, ledger, asked, from } = process(exactSizing());
    const [first, second] = (await Promise.all([ledger.reserve(usd(1)), ledger.reserve(usd(1))])).map(reserved);
    asked.away = true;
    from();
    await expect(ledger.settle(first!, usd(1))).rejects.toThrow(LedgerUnavailable);
    await processes.pass(125);
    expect(asked.at).toEqual([0, 1, 3, 7, 15, 31, 61, 91, 121]);
    asked.away = false;
    await processes.pass(30);
    expect(processes.state()).toMatchObject({ spent: usd(1), remaining: usd(998) });
    asked.away = true;
    from();
    await expect(ledger.settle(second!, usd(1))).rejects.toThrow(LedgerUnavailable);
    await processes.pass(5);
    expect(asked.at).toEqual([0, 1, 3]);
  });

  test('is not asked by each call that a lease lets in meanwhile', async () => {
    const { processes, ledger, asked, from } = process(leaseSizing);
    await ledger.reserve(usd(1));
    asked.away = true;
    await expect(ledger.reserve(usd(50))).rejects.toThrow(LedgerUnavailable);
    from();
    for (let call = 0; call < 3; call += 1) reserved(await ledger.reserve(usd(1)));
    await processes.time.runUntil(processes.time.now + 999);
    expect(asked.at).toEqual([]);
    await processes.pass(1);
    expect(asked.at).toEqual([1]);
  });

  test('is not asked again where nothing is to be stored', async () => {
    const { processes, ledger, asked, from } = process(exactSizing());
    asked.away = true;
    await expect(ledger.reserve(usd(1))).rejects.toThrow(LedgerUnavailable);
    from();
    await processes.pass(600);
    expect(asked.at).toEqual([]);
  });
});

describe('a lease', () => {
  test('grows once more than half of what it held free is used up, and calls do not wait for it', async () => {
    const { ledger, held, passMs } = process(leaseSizing);
    const sizes: number[] = [];
    for (let call = 0; call < 4; call += 1) {
      reserved(await ledger.reserve(usd(1)));
      await passMs(0);
      sizes.push(held());
    }
    // Four calls ahead of those in flight.
    expect(sizes).toEqual([usd(5), usd(5), usd(5), usd(8)]);
  });

  test('that covers one call goes back a quarter of a second after it, once for all that end by then', async () => {
    const { processes, ledger, asked, from, passMs } = process(leaseSizing, usd(10));
    await spend(ledger, usd(8), usd(8));
    await passMs(1000);
    const calls = (await Promise.all([ledger.reserve(usd('0.5')), ledger.reserve(usd('0.5'))])).map(reserved);
    from();
    await ledger.settle(calls[0]!, usd('0.1'));
    await passMs(200);
    await ledger.settle(calls[1]!, usd('0.1'));
    await passMs(49);
    expect(asked.at).toEqual([]);
    await passMs(1);
    expect(asked.at).toEqual([0.25]);
    expect(processes.state()).toMatchObject({ spent: usd('8.2'), remaining: usd('1.8') });
  });

  test('that holds more free stores what calls cost with its next renewal', async () => {
    const { processes, ledger, asked, from } = process(leaseSizing);
    await spend(ledger, usd(1), usd('0.1'));
    from();
    await processes.pass(19);
    expect(asked.at).toEqual([]);
    await processes.pass(2);
    expect(processes.state().spent).toBe(usd('0.1'));
  });

  test('lets nobody overtake a call that waits for more than it holds', async () => {
    const { ledger } = process(leaseSizing);
    await ledger.reserve(usd(1));
    const order: string[] = [];
    await Promise.all([
      ledger.reserve(usd(6)).then(() => order.push('large')),
      ledger.reserve(usd(1)).then(() => order.push('small')),
    ]);
    expect(order).toEqual(['large', 'small']);
  });

  test("has a new word of the meter's applied at once, though calls are let in without asking", async () => {
    const processes = new LedgerProcesses(usd(1000));
    const status = meter(processes);
    const ledger = processes.start(leaseSizing, { status: status.read });
    await ledger.reserve(usd(1));
    status.says(usd(2000));
    await ledger.reserve(usd(1));
    await processes.pass(1);
    expect(processes.state().limit).toBe(usd(2000));
  });

  test('stores at once what cost more than it covers', async () => {
    const { processes, ledger, asked, from, passMs } = process(leaseSizing);
    const call = reserved(await ledger.reserve(usd(1)));
    from();
    await ledger.settle(call, usd(5));
    await passMs(0);
    expect(asked.at).toEqual([]);
    const next = reserved(await ledger.reserve(usd(1)));
    await passMs(0);
    from();
    await ledger.settle(next, usd(50));
    await passMs(0);
    expect(asked.at).toEqual([0]);
    expect(processes.state().spent).toBe(usd(55));
  });

  test('is renewed each 20 seconds while a call is in flight, given back once idle, and silent then', async () => {
    const { processes, ledger, asked, from, held } = process(leaseSizing);
    const call = reserved(await ledger.reserve(usd(1)));
    from();
    await processes.pass(61);
    expect(asked.at).toEqual([20, 40, 60]);
    expect(held()).toBe(usd(1));
    await ledger.settle(call, usd(1));
    await processes.pass(1);
    expect(processes.holds()).toEqual([]);
    from();
    await processes.pass(600);
    expect(asked.at).toEqual([]);
  });

  test('after close every settlement is stored at once, and nothing is held free', async () => {
    const { processes, ledger } = process(leaseSizing);
    const call = reserved(await ledger.reserve(usd(1)));
    await ledger.close();
    expect(processes.state()).toMatchObject({ remaining: usd(999) });
    await ledger.settle(call, usd('0.3'));
    expect(processes.state()).toMatchObject({ remaining: usd('999.7'), spent: usd('0.3') });
  });

  test('lets nobody in once too much was charged in this hour without known usage', async () => {
    const { processes } = process(leaseSizing);
    const cap = { unsettledPerHour: usd(10) };
    const [one, other] = [processes.start(leaseSizing, cap), processes.start(exactSizing(), cap)];
    await one.reserve(usd(1));
    await broken(other, usd(10));
    expect((await one.reserve(usd(1))).kind).toBe('reserved');
    // Its next write says so.
    await processes.pass(20);
    expect(await one.reserve(usd(1))).toMatchObject({ kind: 'refused', unsettled: true });
  });

  test('holds ahead no more than what remains beside the calls that it lets in', async () => {
    const ahead: Sizing = { ...leaseSizing, free: () => usd(5) };
    const { processes, ledger, held } = process(ahead, usd(10));
    const call = reserved(await ledger.reserve(usd(7)));
    expect([held(), processes.state().remaining]).toEqual([usd(10), 0]);
    await ledger.settle(call, usd(7));
    expect((await ledger.reserve(usd(3))).kind).toBe('reserved');
    expect(await ledger.reserve(nanoUsd(1))).toMatchObject({ kind: 'refused', soft: true });
  });
});

describe('nothing is asked of the table', () => {
  test('by closing a ledger that has nothing to store', async () => {
    const { ledger, asked } = process(exactSizing());
    await ledger.close();
    await spend(ledger, usd(1), usd(1));
    asked.at.length = 0;
    await ledger.close();
    expect(asked.at).toEqual([]);
  });

  test('by a settlement that was stored', async () => {
    const { ledger, asked } = process(exactSizing());
    const call = reserved(await ledger.reserve(usd(1)));
    await ledger.settle(call, usd(1));
    asked.at.length = 0;
    await ledger.settle(call, usd(1));
    expect(asked.at).toEqual([]);
  });
});

test.each([
  [usd(3), 0],
  [nanoUsd(usd(3) + 1), 1],
])('a call with a bound of $3 that cost %d nano-dollars is reported %d times', async (spent, times) => {
  const overspent = jest.fn();
  const ledger = new LedgerProcesses().start(exactSizing(), { overspent });
  await spend(ledger, usd(3), spent);
  expect(overspent).toHaveBeenCalledTimes(times);
});
