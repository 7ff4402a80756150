import { utcDay } from '../../../core/calendar';
import { LedgerUnavailable, type LedgerPort, type Reservation } from '../../../core/ledger/ports';
import { exactSizing, leaseSizing } from '../../../core/ledger/sizing';
import { usd, ZERO, type NanoUsd } from '../../../core/money';
import { LedgerProcesses, reserved, spend } from '../../helpers/ledger-processes';

const day = utcDay(Date.parse('2026-11-12T10:00:00Z'));

describe('an amount that is none is an error of its caller, and nothing is stored', () => {
  const none = -1 as NanoUsd;

  test.each<[string, (ledger: LedgerPort, reservation: Reservation) => Promise<unknown>]>([
    ['spent', (ledger, reservation) => ledger.settle(reservation, none)],
    ['unsettled', (ledger, reservation) => ledger.settle(reservation, usd(1), none)],
    ['charged', (ledger) => ledger.charge(day, none, ZERO)],
    ['charged, unsettled', (ledger) => ledger.charge(day, usd(1), none)],
  ])('%s', async (_, told) => {
    const processes = new LedgerProcesses();
    const ledger = processes.start();
    const reservation = reserved(await ledger.reserve(usd(10)));
    await expect(told(ledger, reservation)).rejects.toThrow(RangeError);
    expect(processes.state()).toMatchObject({ remaining: usd(90), spent: 0 });
    await ledger.settle(reservation, ZERO);
    expect(processes.state()).toMatchObject({ remaining: usd(100), spent: 0 });
  });
});

test('a call that may cost nothing is let in where nothing is left', async () => {
  const ledger = new LedgerProcesses(usd(1)).start();
  await spend(ledger, usd(1), usd(1));
  expect((await ledger.reserve(ZERO)).kind).toBe('reserved');
});

test('what an earlier process reserved is not settled by another: it is charged in full by then', async () => {
  const processes = new LedgerProcesses();
  const other = reserved(await processes.start().reserve(usd(10)));
  const { writeUnits } = processes.table;
  await processes.start().settle(other, usd(1));
  expect(processes.table.writeUnits).toBe(writeUnits);
});

describe('the month turns, on a lease', () => {
  const turned = async () => {
    const processes = new LedgerProcesses(usd(1000), '2026-11-30T23:59:50Z');
    const ledger = processes.start(leaseSizing);
    const inFlight = reserved(await ledger.reserve(usd(1)));
    expect(processes.state().remaining).toBeLessThan(usd(999));
    await processes.pass(11);
    return { processes, ledger, inFlight };
  };

  test('with its first call what the last month holds free goes back', async () => {
    const { processes, ledger, inFlight } = await turned();
    await ledger.reserve(usd(1));
    await processes.pass(1);
    expect(processes.state('2026-11')).toMatchObject({ remaining: usd(999), spent: 0 });
    await ledger.settle(inFlight, usd('0.25'));
    expect(processes.state('2026-11')).toMatchObject({ remaining: usd('999.75'), spent: usd('0.25') });
  });

  test('though the store is away for the last month by then', async () => {
    const { processes, ledger, inFlight } = await turned();
    processes.away = true;
    await expect(ledger.reserve(usd(1))).rejects.toThrow(LedgerUnavailable);
    processes.away = false;
    await ledger.settle(inFlight, usd('0.25'));
    await processes.pass(60);
    expect(processes.state('2026-11')).toMatchObject({ remaining: usd('999.75'), spent: usd('0.25') });
  });

  test('close gives back what both hold free', async () => {
    const { processes, ledger } = await turned();
    await ledger.charge(utcDay(processes.time.now), usd(2), ZERO);
    await ledger.close();
    expect(processes.state('2026-11')).toMatchObject({ remaining: usd(999), spent: 0 });
    expect(processes.state('2026-12')).toMatchObject({ remaining: usd(998), spent: usd(2) });
    expect(processes.holds('2026-12')).toEqual([]);
  });

  test('a month in which all is settled is dropped: a call of it is not settled a second time', async () => {
    const { processes, ledger, inFlight } = await turned();
    await ledger.settle(inFlight, usd(1));
    await ledger.close();
    await spend(ledger, usd(1), usd(1));
    const { writeUnits } = processes.table;
    await ledger.settle(inFlight, usd(1));
    expect(processes.table.writeUnits).toBe(writeUnits);
    expect(processes.state('2026-11')).toMatchObject({ remaining: usd(999), spent: usd(1) });
  });
});

describe('every answer comes in time', () => {
  test('or is told to be missing then, not before', async () => {
    const processes = new LedgerProcesses();
    const send = () => new Promise<never>(() => {});
    const ledger = processes.start(exactSizing(), { documents: { send } as never, timeoutMs: 500 });
    let failure: unknown;
    void ledger.reserve(usd(1)).catch((error: unknown) => (failure = error));
    await processes.time.runUntil(processes.time.now + 499);
    expect(failure).toBeUndefined();
    await processes.time.runUntil(processes.time.now + 1);
    expect(failure).toBeInstanceOf(LedgerUnavailable);
  });

  test('and leaves no timer behind', async () => {
    const processes = new LedgerProcesses();
    const running = new Set<object>();
    const after = (ms: number, run: () => void) => {
      const timer = {};
      running.add(timer);
      const cancel = processes.time.after(ms, run);
      return () => {
        running.delete(timer);
        cancel();
      };
    };
    const ledger = processes.start(exactSizing(), { after, timeoutMs: 500 });
    const reservation = reserved(await ledger.reserve(usd(1)));
    await processes.pass(0);
    expect(running.size).toBe(0);
    await ledger.settle(reservation, usd(1));
    await processes.pass(0);
    expect(running.size).toBe(0);
  });
});
