import { exactSizing } from '../../../core/ledger/sizing';
import { usd } from '../../../core/money';
import { meter } from '../../helpers/ledger-meter';
import { LedgerProcesses, reserved } from '../../helpers/ledger-processes';

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
