import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { exactSizing, leaseSizing } from '../../../core/ledger/sizing';
import { MINUTE_MS, utcMonth } from '../../../core/calendar';
import { nanoUsd, usd, type NanoUsd } from '../../../core/money';
import type { GuardStatus } from '../../../core/ledger/ports';
import { LedgerUnavailable, type LedgerPort } from '../../../core/ledger/ports';
import { checkLedger } from '../../helpers/ledger-world';
import { LedgerProcesses, reserved } from '../../helpers/ledger-processes';

const CALL_MS = 15 * MINUTE_MS;
const GRACE_MS = MINUTE_MS;

/** As the meter writes it: every read of it later than the one before. */
function meter(world: LedgerProcesses) {
  let status: GuardStatus | undefined;
  return {
    read: () => status,
    says(limit: NanoUsd, spentAtLeast: NanoUsd = usd(0)) {
      world.time.now += 1000;
      status = { desired: 'open', asOf: world.time.now, month: utcMonth(world.time.now), limit, spentAtLeast };
    },
  };
}

async function spend(ledger: LedgerPort, bound: NanoUsd, spent: NanoUsd): Promise<void> {
  await ledger.settle(reserved(await ledger.reserve(bound)), spent);
}

describe('exact', () => {
  const world = () => new LedgerProcesses(usd(100));

  test('a call holds its bound until it is settled, and costs what it cost', async () => {
    const processes = world();
    const ledger = processes.start();
    const reservation = reserved(await ledger.reserve(usd(30)));
    expect(reservation).toMatchObject({ period: '2026-11', amount: usd(30) });
    expect(processes.state()).toMatchObject({ limit: usd(100), remaining: usd(70), spent: 0 });
    await ledger.settle(reservation, usd(12));
    expect(processes.state()).toMatchObject({ limit: usd(100), remaining: usd(88), spent: usd(12) });
    expect(processes.holds()).toEqual([]);
  });

  test('settled again, whatever is said then, it changes nothing', async () => {
    const processes = world();
    const ledger = processes.start();
    const reservation = reserved(await ledger.reserve(usd(30)));
    await ledger.settle(reservation, usd(12));
    await ledger.settle(reservation, usd(12));
    await ledger.settle(reservation, usd(0));
    expect(processes.state()).toMatchObject({ remaining: usd(88), spent: usd(12) });
  });

  test('a call that cost more than its bound is charged the rest, and reported', async () => {
    const processes = world();
    const overspent = jest.fn();
    const ledger = processes.start(exactSizing(), { overspent });
    const reservation = reserved(await ledger.reserve(usd(30)));
    await ledger.settle(reservation, usd(130));
    expect(processes.state()).toMatchObject({ remaining: usd(-30), spent: usd(130) });
    expect(overspent).toHaveBeenCalledTimes(1);
    expect(overspent).toHaveBeenCalledWith(reservation, usd(130));
    checkLedger(processes.table);
  });

  test.each([
    [nanoUsd(usd(40) - 1), 'reserved'],
    [usd(40), 'reserved'],
    [nanoUsd(usd(40) + 1), 'refused'],
  ])('with $40 left %d nano-dollars are %s', async (amount, kind) => {
    const processes = world();
    const ledger = processes.start();
    await spend(ledger, usd(60), usd(60));
    expect((await ledger.reserve(amount)).kind).toBe(kind);
  });

  test('a refusal is soft while calls in flight may leave room, and hard once it is spent', async () => {
    const processes = world();
    const [one, two] = [processes.start(), processes.start()];
    const first = reserved(await one.reserve(usd(90)));
    expect(await two.reserve(usd(20))).toEqual({
      kind: 'refused',
      soft: true,
      retryAfterSeconds: 2,
      remaining: usd(10),
    });
    await one.settle(first, usd(80));
    expect((await two.reserve(usd(20))).kind).toBe('reserved');
    // 18 days and 14 hours to December.
    const refusal = { kind: 'refused', soft: false, retryAfterSeconds: (18 * 24 + 14) * 3600, remaining: usd(0) };
    expect(await two.reserve(nanoUsd(usd(20) + 1))).toEqual(refusal);
  });

  test.each([
    [usd(40), true],
    [nanoUsd(usd(40) + 1), false],
  ])('with $60 spent and $10 in flight, %d nano-dollars are refused softly: %s', async (amount, soft) => {
    const ledger = world().start();
    await spend(ledger, usd(60), usd(60));
    await ledger.reserve(usd(10));
    expect(await ledger.reserve(amount)).toMatchObject({ kind: 'refused', soft });
  });

  test('a soft refusal names the time that calls have taken of late', async () => {
    const processes = world();
    const ledger = processes.start();
    const reservation = reserved(await ledger.reserve(usd(10)));
    await processes.pass(7.2);
    await ledger.settle(reservation, usd(0));
    await ledger.reserve(usd(100));
    expect(await ledger.reserve(usd(1))).toMatchObject({ soft: true, retryAfterSeconds: 8 });
  });

  test('a refused call does not hold up smaller ones behind it', async () => {
    const ledger = world().start();
    const outcomes = await Promise.all([usd(90), usd(20), usd(10)].map((amount) => ledger.reserve(amount)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['reserved', 'refused', 'reserved']);
  });

  test('200 parallel calls of one process are one write', async () => {
    const processes = world();
    const ledger = processes.start();
    const outcomes = await Promise.all(Array.from({ length: 200 }, () => ledger.reserve(usd('0.50'))));
    expect(outcomes.every(({ kind }) => kind === 'reserved')).toBe(true);
    expect(processes.state()).toMatchObject({ remaining: 0, spent: 0 });
    // One opens the month.
    expect(processes.table.writeUnits).toBe(2);
  });

  test('parallel calls of many processes are never admitted past the cap', async () => {
    const processes = world();
    const outcomes = await Promise.all(Array.from({ length: 200 }, () => processes.start().reserve(usd(1))));
    expect(outcomes.filter(({ kind }) => kind === 'reserved')).toHaveLength(100);
    expect(processes.state()).toMatchObject({ remaining: 0, spent: 0 });
    checkLedger(processes.table);
  });

  test.each([-1, 0.5, Number.NaN])('an amount of %d is an error of its caller alone', async (amount) => {
    const ledger = world().start();
    const fine = ledger.reserve(usd(1));
    await expect(ledger.reserve(amount as NanoUsd)).rejects.toThrow(RangeError);
    expect((await fine).kind).toBe('reserved');
  });

  test('a clock that counts parts of milliseconds is as good as another', async () => {
    const processes = world();
    processes.time.now += 0.25;
    const ledger = processes.start();
    await spend(ledger, usd(1), usd(1));
    // Its hold must be read.
    processes.faults.push('lostAnswer');
    await expect(ledger.reserve(usd(1))).rejects.toThrow(LedgerUnavailable);
    await spend(ledger, usd(1), usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(2), remaining: usd(98) });
  });

  describe('a crash', () => {
    const crashed = async () => {
      const processes = world();
      await processes.start().reserve(usd(60));
      return processes;
    };

    test('is charged in full, by whoever finds it, once its hold ran out on any clock', async () => {
      const processes = await crashed();
      const other = processes.start();
      await processes.pass((CALL_MS + GRACE_MS) / 1000);
      expect(await other.reserve(usd(50))).toMatchObject({ kind: 'refused', soft: true, remaining: usd(40) });
      // The next look, ten seconds later.
      await processes.pass(10);
      expect(await other.reserve(usd(50))).toMatchObject({ kind: 'refused', soft: false, remaining: usd(40) });
      expect(processes.state()).toMatchObject({ remaining: usd(40), spent: usd(60) });
      expect(processes.holds()).toContainEqual(expect.objectContaining({ claim: 'charged', amount: usd(60) }));
    });

    test('is charged once, however many find it', async () => {
      const processes = await crashed();
      await processes.pass((CALL_MS + GRACE_MS) / 1000 + 1);
      await Promise.all(Array.from({ length: 5 }, () => processes.start().reserve(usd(50))));
      expect(processes.state()).toMatchObject({ remaining: usd(40), spent: usd(60) });
    });

    test('that was a pause is undone by the settlement', async () => {
      const processes = world();
      const paused = processes.start();
      const reservation = reserved(await paused.reserve(usd(60)));
      await processes.pass((CALL_MS + GRACE_MS) / 1000 + 1);
      await processes.start().reserve(usd(50));
      expect(processes.state()).toMatchObject({ remaining: usd(40), spent: usd(60) });
      await paused.settle(reservation, usd(5));
      expect(processes.state()).toMatchObject({ remaining: usd(95), spent: usd(5) });
      expect((await paused.reserve(usd(95))).kind).toBe('reserved');
    });

    test('long ago: of what has come back meanwhile it is charged what it used then', async () => {
      const processes = world();
      const paused = processes.start();
      const [within, beyond] = (await Promise.all([paused.reserve(usd(20)), paused.reserve(usd(20))])).map(reserved);
      await processes.pass((CALL_MS + GRACE_MS) / 1000 + 1);
      await processes.start().reserve(usd(90));
      const [hold] = processes.holds();
      processes.giveBack(hold!);
      await paused.reserve(usd(1));
      await paused.settle(within!, usd(5));
      await paused.settle(beyond!, usd(23));
      expect(processes.state()).toMatchObject({ remaining: usd(71), spent: usd(28) });
      checkLedger(processes.table);
    });
  });

  describe('lost messages', () => {
    test.each(['lostAnswer', 'lostRequest'] as const)(
      '%s of a reservation: refused as unavailable, and nothing is lost',
      async (fault) => {
        const processes = world();
        const ledger = processes.start();
        await spend(ledger, usd(1), usd(1));
        processes.faults.push(fault);
        await expect(ledger.reserve(usd(50))).rejects.toThrow(LedgerUnavailable);
        await spend(ledger, usd(99), usd(9));
        expect(processes.state()).toMatchObject({ remaining: usd(90), spent: usd(10) });
      },
    );

    test.each(['lostAnswer', 'lostRequest'] as const)(
      '%s of a settlement: it is stored once, with the next write',
      async (fault) => {
        const processes = world();
        const ledger = processes.start();
        const reservation = reserved(await ledger.reserve(usd(50)));
        processes.faults.push(fault);
        await expect(ledger.settle(reservation, usd(20))).rejects.toThrow(LedgerUnavailable);
        await ledger.settle(reservation, usd(20));
        expect(processes.state()).toMatchObject({ remaining: usd(80), spent: usd(20) });
      },
    );

    test('a settlement written long after it was given up counts once, whenever it arrives', async () => {
      const processes = world();
      let late: unknown;
      let losing = false;
      const send = async (command: unknown) => {
        if (!(command instanceof UpdateCommand)) return processes.table.run(command);
        if (losing) {
          losing = false;
          late = command;
          throw new Error('socket hang up');
        }
        // It overtakes the next write, which was sent since the hold did not show it.
        if (late) processes.table.run(late);
        late = undefined;
        return processes.table.run(command);
      };
      const ledger = processes.start(exactSizing(), { documents: { send } as never });
      const reservation = reserved(await ledger.reserve(usd(50)));
      losing = true;
      await expect(ledger.settle(reservation, usd(20))).rejects.toThrow(LedgerUnavailable);
      await ledger.settle(reservation, usd(20));
      await spend(ledger, usd(1), usd(1));
      expect(processes.state()).toMatchObject({ remaining: usd(79), spent: usd(21) });
      checkLedger(processes.table);
    });

    test('what is granted to a caller who has given up goes back at once', async () => {
      const processes = world();
      let slow = false;
      const send = async (command: unknown) => {
        if (slow) await processes.time.pause(1500);
        return structuredClone(processes.table.run(command));
      };
      const ledger = processes.start(exactSizing(), { documents: { send } as never, timeoutMs: 1000 });
      await spend(ledger, usd(1), usd(0));
      slow = true;
      const refused = ledger.reserve(usd(50)).catch((error: unknown) => error);
      await processes.pass(1.5);
      expect(await refused).toBeInstanceOf(LedgerUnavailable);
      expect(processes.state()).toMatchObject({ remaining: usd(50) });
      await processes.pass(2);
      expect(processes.state()).toMatchObject({ remaining: usd(100), spent: 0 });
    });

    test('a settlement that failed is tried again though nothing else is called', async () => {
      const processes = world();
      const ledger = processes.start();
      const reservation = reserved(await ledger.reserve(usd(50)));
      processes.away = true;
      await expect(ledger.settle(reservation, usd(20))).rejects.toThrow(LedgerUnavailable);
      await processes.pass(10);
      processes.away = false;
      await processes.pass(30);
      expect(processes.state()).toMatchObject({ remaining: usd(80), spent: usd(20) });
    });

    test('a store that hangs is unavailable in time, and what it grants later goes back', async () => {
      const processes = world();
      let hangs = false;
      let answer = () => {};
      const send = async (command: unknown) => {
        if (hangs) await new Promise<void>((resume) => (answer = resume));
        return processes.table.run(command);
      };
      const ledger = processes.start(exactSizing(), { documents: { send } as never, timeoutMs: 3000 });
      await spend(ledger, usd(1), usd(0));
      hangs = true;
      const refused = ledger.reserve(usd(50)).catch((error: unknown) => error);
      await processes.pass(3);
      expect(await refused).toBeInstanceOf(LedgerUnavailable);
      hangs = false;
      answer();
      await processes.pass(0);
      expect(processes.state()).toMatchObject({ remaining: usd(50) });
      await processes.pass(5);
      expect(processes.state()).toMatchObject({ remaining: usd(100), spent: 0 });
      expect(processes.holds()).toEqual([]);
    });
  });

  describe('what was spent without a reservation', () => {
    const month = utcMonth(Date.parse('2026-11-12T10:00:00Z'));

    test('is charged, of whatever remains, and leaves nothing held', async () => {
      const processes = world();
      const ledger = processes.start();
      await ledger.charge(month, usd(120), usd(20));
      await processes.pass(1);
      expect(processes.state()).toMatchObject({ spent: usd(120), remaining: usd(-20), unsettled: usd(20) });
      expect(processes.holds()).toEqual([]);
    });

    test.each(['lostAnswer', 'lostRequest'] as const)('counts once after a %s', async (fault) => {
      const processes = world();
      const ledger = processes.start();
      await spend(ledger, usd(1), usd(1));
      processes.faults.push(fault);
      await expect(ledger.charge(month, usd(5), usd(0))).rejects.toThrow(LedgerUnavailable);
      await processes.pass(60);
      expect(processes.state()).toMatchObject({ spent: usd(6), remaining: usd(94) });
      expect(processes.holds()).toEqual([]);
    });

    test('in a month that has ended counts there', async () => {
      const processes = new LedgerProcesses(usd(100), '2026-12-01T00:00:30Z');
      const ledger = processes.start();
      await spend(ledger, usd(1), usd(1));
      await ledger.charge(month, usd(5), usd(0));
      expect(processes.state('2026-11')).toMatchObject({ spent: usd(5) });
      expect(processes.state('2026-12')).toMatchObject({ spent: usd(1) });
    });
  });

  describe('the month turns', () => {
    test('a call in flight is settled to the month it was made in', async () => {
      const processes = new LedgerProcesses(usd(100), '2026-11-30T23:59:59Z');
      const ledger = processes.start();
      const old = reserved(await ledger.reserve(usd(60)));
      await processes.pass(2);
      const next = reserved(await ledger.reserve(usd(100)));
      expect([old.period, next.period]).toEqual(['2026-11', '2026-12']);
      await ledger.settle(old, usd(50));
      await ledger.settle(next, usd(70));
      expect(processes.state('2026-11')).toMatchObject({ remaining: usd(50), spent: usd(50) });
      expect(processes.state('2026-12')).toMatchObject({ remaining: usd(30), spent: usd(70) });
    });

    test('a hard refusal in the last second waits for one second', async () => {
      const processes = new LedgerProcesses(usd(100), '2026-11-30T23:59:59.500Z');
      expect(await processes.start().reserve(usd(101))).toMatchObject({ soft: false, retryAfterSeconds: 1 });
    });

    test('a status of the last month says nothing of this one', async () => {
      const processes = new LedgerProcesses(usd(100), '2026-11-30T23:59:50Z');
      const status = meter(processes);
      status.says(usd(5), usd(4));
      processes.time.now = Date.parse('2026-12-01T00:00:01Z');
      await processes.start(exactSizing(), { status: status.read }).reserve(usd(90));
      expect(processes.state()).toMatchObject({ limit: usd(100), remaining: usd(10) });
    });
  });

  describe('the meter', () => {
    const metered = async () => {
      const processes = world();
      const status = meter(processes);
      const ledger = processes.start(exactSizing(), { status: status.read });
      await spend(ledger, usd(40), usd(40));
      return { processes, status, ledger };
    };

    test.each([
      [usd(39), usd(40)],
      [usd(40), usd(40)],
      [usd(41), usd(41)],
    ])('raises what is spent to the larger of both: %d seen, %d spent', async (seen, spent) => {
      const { processes, status, ledger } = await metered();
      status.says(usd(100), seen);
      await spend(ledger, usd(0), usd(0));
      await ledger.reserve(usd(1));
      expect(processes.state()).toMatchObject({ spent, remaining: usd(100) - spent - usd(1) });
      checkLedger(processes.table);
    });

    test('never adds: what callers charge later of what it saw is counted once', async () => {
      const { processes, status, ledger } = await metered();
      const inFlight = reserved(await ledger.reserve(usd(20)));
      status.says(usd(100), usd(60));
      await spend(ledger, usd(1), usd(0));
      expect(processes.state()).toMatchObject({ spent: usd(60), raised: usd(20) });
      await ledger.settle(inFlight, usd(20));
      status.says(usd(100), usd(60));
      await spend(ledger, usd(1), usd(0));
      expect(processes.state()).toMatchObject({ spent: usd(60), raised: 0, remaining: usd(40) });
    });

    test('an older word never replaces a newer one', async () => {
      const { processes, status, ledger } = await metered();
      status.says(usd(100), usd(10));
      const older = status.read();
      status.says(usd(50), usd(45));
      await ledger.reserve(usd(1));
      await processes.start(exactSizing(), { status: () => older }).reserve(usd(1));
      expect(processes.state()).toMatchObject({ limit: usd(50), spent: usd(45) });
    });

    test('opens the month with its limit and what it saw', async () => {
      const processes = world();
      const status = meter(processes);
      status.says(usd(80), usd(30));
      const ledger = processes.start(exactSizing(), { status: status.read });
      expect(await ledger.reserve(usd(51))).toMatchObject({ kind: 'refused', soft: false, remaining: usd(50) });
      expect(processes.state()).toMatchObject({ limit: usd(80), spent: usd(30), remaining: usd(50) });
    });

    test('a raised limit takes effect with the next call', async () => {
      const { status, ledger } = await metered();
      expect((await ledger.reserve(usd(70))).kind).toBe('refused');
      status.says(usd(110));
      expect((await ledger.reserve(usd(70))).kind).toBe('reserved');
    });

    test.each([
      [usd(61), 'reserved'],
      [usd(60), 'refused'],
      [usd(45), 'refused'],
    ])('a limit lowered to %d, with $40 spent and $20 in flight: a call of $1 is %s', async (limit, kind) => {
      const { processes, status, ledger } = await metered();
      const inFlight = reserved(await ledger.reserve(usd(20)));
      status.says(limit);
      expect((await ledger.reserve(usd(1))).kind).toBe(kind);
      await ledger.settle(inFlight, usd(20));
      expect(processes.state()).toMatchObject({ limit, spent: usd(60) });
      checkLedger(processes.table);
    });

    test('under a lowered limit what a settlement gives back is not granted again', async () => {
      const { processes, status, ledger } = await metered();
      const inFlight = reserved(await ledger.reserve(usd(20)));
      status.says(usd(30));
      const settled = ledger.settle(inFlight, usd(1));
      expect((await ledger.reserve(usd(5))).kind).toBe('refused');
      await settled;
      expect(processes.state()).toMatchObject({ limit: usd(30), spent: usd(41), remaining: usd(-11) });
    });
  });

  test('an item of another release is left alone', async () => {
    const processes = world();
    processes.table.put({ pk: 'BUDGET#production#2026-11', sk: 'STATE', schemaVersion: 2, remaining: usd(100) });
    await expect(processes.start().reserve(usd(1))).rejects.toThrow(LedgerUnavailable);
    expect(processes.table.writeUnits).toBe(0);
  });

  test('close keeps what calls in flight may cost, and they can still be settled', async () => {
    const processes = world();
    const ledger = processes.start();
    const reservation = reserved(await ledger.reserve(usd(10)));
    await ledger.close();
    expect(processes.state()).toMatchObject({ remaining: usd(90) });
    await ledger.settle(reservation, usd(4));
    expect(processes.state()).toMatchObject({ remaining: usd(96), spent: usd(4) });
  });
});

describe('lease', () => {
  const lease = async (limit = usd(1000)) => {
    const processes = new LedgerProcesses(limit);
    const status = meter(processes);
    const ledger = processes.start(leaseSizing, { status: status.read });
    return { processes, status, ledger };
  };
  const held = (processes: LedgerProcesses) => processes.holds()[0]?.amount ?? nanoUsd(0);

  test('most calls need no request', async () => {
    const { processes, ledger } = await lease();
    for (let n = 0; n < 1000; n += 1) await spend(ledger, usd('0.01'), usd('0.005'));
    await ledger.close();
    expect(processes.state()).toMatchObject({ spent: usd(5), remaining: usd(995) });
    expect(processes.table.writeUnits).toBeLessThan(100);
  });

  test('a crash costs at most 1% of the limit beside its calls', async () => {
    const { processes, ledger } = await lease();
    for (let n = 0; n < 400; n += 1) await spend(ledger, usd('0.10'), usd('0.10'));
    expect(held(processes)).toBeGreaterThan(usd(1));
    expect(processes.holds()[0]!.amount).toBeLessThanOrEqual(usd(10) + usd('0.10'));
  });

  test('near the cap nothing is held ahead', async () => {
    const { processes, ledger } = await lease(usd(10));
    await spend(ledger, usd(9), usd(9));
    const reservation = reserved(await ledger.reserve(usd('0.10')));
    expect(held(processes)).toBe(usd('0.10'));
    await ledger.settle(reservation, usd('0.04'));
    await processes.pass(1);
    expect(processes.state()).toMatchObject({ remaining: usd('0.96'), spent: usd('9.04') });
  });

  test('a lowered limit stops grants at once, of what is held free too', async () => {
    const { processes, status, ledger } = await lease();
    await spend(ledger, usd(1), usd(1));
    expect(held(processes)).toBeGreaterThan(usd(1));
    status.says(usd('0.50'));
    expect(await ledger.reserve(usd('0.01'))).toMatchObject({ kind: 'refused', soft: false });
    await ledger.close();
    expect(processes.state()).toMatchObject({ limit: usd('0.50'), spent: usd(1), remaining: usd('-0.50') });
  });

  test('an idle process gives back what it holds', async () => {
    const { processes, ledger } = await lease();
    await spend(ledger, usd(1), usd('0.30'));
    expect(held(processes)).toBeGreaterThan(0);
    await processes.pass(60);
    expect(held(processes)).toBe(0);
    expect(processes.state()).toMatchObject({ remaining: usd('999.70'), spent: usd('0.30') });
  });

  test('a process that is at work keeps its lease for hours, on one call', async () => {
    const { processes, ledger } = await lease();
    const reservation = reserved(await ledger.reserve(usd(1)));
    await processes.pass(2 * 3600);
    const other = processes.start();
    await other.reserve(usd(1000));
    expect(processes.state().spent).toBe(0);
    await ledger.settle(reservation, usd('0.40'));
    await ledger.close();
    expect(processes.state().spent).toBe(usd('0.40'));
  });

  test('a renewal that was overtaken is made again, though nobody waits for it', async () => {
    const { processes, ledger } = await lease();
    const reservation = reserved(await ledger.reserve(usd(1)));
    const other = processes.start();
    // The hold is charged and comes back changed, as by one whose clock is an hour early; the next renewal is refused.
    const [hold] = processes.holds();
    const item = processes.table.get(`BUDGET#production#2026-11`, 'STATE')!;
    const value = String(item[`h${hold!.id}`]);
    processes.table.put({
      ...item,
      [`h${hold!.id}`]: value.replace(/^a/, 'c'),
      spent: Number(item['spent']) + hold!.amount,
      unsettled: Number(item['unsettled']) + hold!.amount,
    });
    await processes.pass(25);
    expect(processes.holds()).toMatchObject([{ claim: 'active' }]);
    await processes.pass(300);
    await other.reserve(usd(1000));
    expect(processes.holds().filter(({ claim }) => claim === 'charged')).toEqual([]);
    await ledger.settle(reservation, usd('0.40'));
    await ledger.close();
    expect(processes.state().spent).toBe(usd('0.40'));
  });

  test('a crashed holder is charged its whole lease', async () => {
    const { processes, ledger } = await lease();
    await spend(ledger, usd(1), usd('0.10'));
    const whole = held(processes);
    expect(whole).toBeGreaterThan(usd(1));
    processes.away = true;
    await processes.pass(121);
    processes.away = false;
    await processes.start().reserve(usd(1000));
    expect(processes.state()).toMatchObject({ spent: whole, remaining: usd(1000) - whole });
    // It was only cut off: back again, it is charged what it spent.
    await processes.pass(60);
    await ledger.close();
    expect(processes.state()).toMatchObject({ spent: usd('0.10'), remaining: usd('999.90') });
  });

  test('a holder charged so long ago that it came back is charged what it used', async () => {
    const { processes, ledger } = await lease();
    await spend(ledger, usd(1), usd('0.10'));
    await processes.time.runUntil(processes.time.now + 100);
    const [hold] = processes.holds();
    processes.away = true;
    await processes.pass(121);
    processes.away = false;
    await processes.start().reserve(usd(1000));
    processes.giveBack(hold!);
    await processes.pass(60);
    await ledger.close();
    expect(processes.state()).toMatchObject({ spent: usd('0.10'), remaining: usd('999.90') });
    checkLedger(processes.table);
  });

  test('lets calls in on what it holds while the store is away, and no more', async () => {
    const { processes, ledger } = await lease();
    await spend(ledger, usd('0.01'), usd('0.01'));
    processes.away = true;
    await spend(ledger, usd('0.01'), usd('0.01'));
    await expect(ledger.reserve(usd(50))).rejects.toThrow(LedgerUnavailable);
  });
});
