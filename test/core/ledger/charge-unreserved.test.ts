import { utcDay } from '../../../core/calendar';
import { usd } from '../../../core/money';
import { LedgerUnavailable } from '../../../core/ledger/ports';
import { LedgerProcesses, spend } from '../../helpers/ledger-processes';

describe('what was spent without a reservation', () => {
  const day = utcDay(Date.parse('2026-11-12T10:00:00Z'));

  test('is charged, of whatever remains, and leaves nothing held', async () => {
    const processes = new LedgerProcesses();
    const ledger = processes.start();
    await ledger.charge(day, usd(120), usd(20));
    await processes.pass(1);
    expect(processes.state()).toMatchObject({ spent: usd(120), remaining: usd(-20), unsettled: usd(20) });
    expect(processes.holds()).toEqual([]);
  });

  test.each(['lostAnswer', 'lostRequest'] as const)('counts once after a %s', async (fault) => {
    const processes = new LedgerProcesses();
    const ledger = processes.start();
    await spend(ledger, usd(1), usd(1));
    processes.faults.push(fault);
    await expect(ledger.charge(day, usd(5), usd(0))).rejects.toThrow(LedgerUnavailable);
    await processes.pass(60);
    expect(processes.state()).toMatchObject({ spent: usd(6), remaining: usd(94) });
    expect(processes.holds()).toEqual([]);
  });

  test('in a month that has ended counts there', async () => {
    const processes = new LedgerProcesses(usd(100), '2026-12-01T00:00:30Z');
    const ledger = processes.start();
    await spend(ledger, usd(1), usd(1));
    await ledger.charge(day, usd(5), usd(0));
    expect(processes.state('2026-11')).toMatchObject({ spent: usd(5) });
    expect(processes.state('2026-12')).toMatchObject({ spent: usd(1) });
  });
});
