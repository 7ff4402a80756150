import { MINUTE_MS } from '../../../core/calendar';
import { usd } from '../../../core/money';
import { checkLedger } from '../../helpers/ledger-invariants';
import { LedgerProcesses, reserved } from '../../helpers/ledger-processes';

/** As long as a call may take, and what clocks may differ by. */
const HOLD_MS = 16 * MINUTE_MS;

describe('a crash', () => {
  const crashed = async () => {
    const processes = new LedgerProcesses();
    await processes.start().reserve(usd(60));
    return processes;
  };

  test('is charged in full, by whoever finds it, once its hold ran out on any clock', async () => {
    const processes = await crashed();
    const other = processes.start();
    await processes.pass(HOLD_MS / 1000);
    expect(await other.reserve(usd(50))).toMatchObject({ kind: 'refused', soft: true, remaining: usd(40) });
    // The next look, ten seconds later.
    await processes.pass(10);
    expect(await other.reserve(usd(50))).toMatchObject({ kind: 'refused', soft: false, remaining: usd(40) });
    expect(processes.state()).toMatchObject({ remaining: usd(40), spent: usd(60) });
    expect(processes.holds()).toContainEqual(expect.objectContaining({ claim: 'charged', amount: usd(60) }));
  });

  test('is charged once, however many find it', async () => {
    const processes = await crashed();
    await processes.pass(HOLD_MS / 1000 + 1);
    await Promise.all(Array.from({ length: 5 }, () => processes.start().reserve(usd(50))));
    expect(processes.state()).toMatchObject({ remaining: usd(40), spent: usd(60) });
  });

  test('that was a pause is undone by the settlement', async () => {
    const processes = new LedgerProcesses();
    const paused = processes.start();
    const reservation = reserved(await paused.reserve(usd(60)));
    await processes.pass(HOLD_MS / 1000 + 1);
    await processes.start().reserve(usd(50));
    expect(processes.state()).toMatchObject({ remaining: usd(40), spent: usd(60) });
    await paused.settle(reservation, usd(5));
    expect(processes.state()).toMatchObject({ remaining: usd(95), spent: usd(5) });
    expect((await paused.reserve(usd(95))).kind).toBe('reserved');
  });

  test('long ago: of what has come back meanwhile it is charged what it used then', async () => {
    const processes = new LedgerProcesses();
    const paused = processes.start();
    const [within, beyond] = (await Promise.all([paused.reserve(usd(20)), paused.reserve(usd(20))])).map(reserved);
    await processes.pass(HOLD_MS / 1000 + 1);
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
