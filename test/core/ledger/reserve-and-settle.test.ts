import { exactSizing } from '../../../core/ledger/sizing';
import { usd, type NanoUsd } from '../../../core/money';
import { LedgerUnavailable } from '../../../core/ledger/ports';
import { checkLedger } from '../../helpers/ledger-invariants';
import { LedgerProcesses, reserved, spend } from '../../helpers/ledger-processes';

describe('a reservation', () => {
  test('a call holds its bound until it is settled, and costs what it cost', async () => {
    const processes = new LedgerProcesses();
    const ledger = processes.start();
    const reservation = reserved(await ledger.reserve(usd(30)));
    expect(reservation).toMatchObject({ period: '2026-11', amount: usd(30) });
    expect(processes.state()).toMatchObject({ limit: usd(100), remaining: usd(70), spent: 0 });
    await ledger.settle(reservation, usd(12));
    expect(processes.state()).toMatchObject({ limit: usd(100), remaining: usd(88), spent: usd(12) });
    expect(processes.holds()).toEqual([]);
  });

  test('settled again, whatever is said then, it changes nothing', async () => {
    const processes = new LedgerProcesses();
    const ledger = processes.start();
    const reservation = reserved(await ledger.reserve(usd(30)));
    await ledger.settle(reservation, usd(12));
    await ledger.settle(reservation, usd(12));
    await ledger.settle(reservation, usd(0));
    expect(processes.state()).toMatchObject({ remaining: usd(88), spent: usd(12) });
  });

  test('a call that cost more than its bound is charged the rest, and reported', async () => {
    const processes = new LedgerProcesses();
    const overspent = jest.fn();
    const ledger = processes.start(exactSizing(), { overspent });
    const reservation = reserved(await ledger.reserve(usd(30)));
    await ledger.settle(reservation, usd(130));
    expect(processes.state()).toMatchObject({ remaining: usd(-30), spent: usd(130) });
    expect(overspent).toHaveBeenCalledTimes(1);
    expect(overspent).toHaveBeenCalledWith(reservation, usd(130));
    checkLedger(processes.table);
  });
  test('a refused call does not hold up smaller ones behind it', async () => {
    const ledger = new LedgerProcesses().start();
    const outcomes = await Promise.all([usd(90), usd(20), usd(10)].map((amount) => ledger.reserve(amount)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['reserved', 'refused', 'reserved']);
  });

  test('200 parallel calls of one process are one write', async () => {
    const processes = new LedgerProcesses();
    const ledger = processes.start();
    const outcomes = await Promise.all(Array.from({ length: 200 }, () => ledger.reserve(usd('0.50'))));
    expect(outcomes.every(({ kind }) => kind === 'reserved')).toBe(true);
    expect(processes.state()).toMatchObject({ remaining: 0, spent: 0 });
    // One opens the month.
    expect(processes.table.writeUnits).toBe(2);
  });

  test('parallel calls of many processes are never admitted past the cap', async () => {
    const processes = new LedgerProcesses();
    const outcomes = await Promise.all(Array.from({ length: 200 }, () => processes.start().reserve(usd(1))));
    expect(outcomes.filter(({ kind }) => kind === 'reserved')).toHaveLength(100);
    expect(processes.state()).toMatchObject({ remaining: 0, spent: 0 });
    checkLedger(processes.table);
  });

  test.each([-1, 0.5, Number.NaN])('an amount of %d is an error of its caller alone', async (amount) => {
    const ledger = new LedgerProcesses().start();
    const fine = ledger.reserve(usd(1));
    await expect(ledger.reserve(amount as NanoUsd)).rejects.toThrow(RangeError);
    expect((await fine).kind).toBe('reserved');
  });

  test('a clock that counts parts of milliseconds is as good as another', async () => {
    const processes = new LedgerProcesses();
    processes.time.now += 0.25;
    const ledger = processes.start();
    await spend(ledger, usd(1), usd(1));
    // Its hold must be read.
    processes.faults.push('lostAnswer');
    await expect(ledger.reserve(usd(1))).rejects.toThrow(LedgerUnavailable);
    await spend(ledger, usd(1), usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(2), remaining: usd(98) });
  });

  test('an item of another release is left alone', async () => {
    const processes = new LedgerProcesses();
    processes.table.put({ pk: 'BUDGET#production#2026-11', sk: 'STATE', schemaVersion: 2, remaining: usd(100) });
    await expect(processes.start().reserve(usd(1))).rejects.toThrow(LedgerUnavailable);
    expect(processes.table.writeUnits).toBe(0);
  });

  test('close keeps what calls in flight may cost, and they can still be settled', async () => {
    const processes = new LedgerProcesses();
    const ledger = processes.start();
    const reservation = reserved(await ledger.reserve(usd(10)));
    await ledger.close();
    expect(processes.state()).toMatchObject({ remaining: usd(90) });
    await ledger.settle(reservation, usd(4));
    expect(processes.state()).toMatchObject({ remaining: usd(96), spent: usd(4) });
  });
});
