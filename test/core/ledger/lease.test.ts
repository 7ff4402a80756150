import { leaseSizing } from '../../../core/ledger/sizing';
import { nanoUsd, usd } from '../../../core/money';
import { LedgerUnavailable } from '../../../core/ledger/ports';
import { checkLedger } from '../../helpers/ledger-invariants';
import { meter } from '../../helpers/ledger-meter';
import { LedgerProcesses, reserved, spend } from '../../helpers/ledger-processes';

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
