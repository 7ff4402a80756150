import { exactSizing } from '../../../core/ledger/sizing';
import { utcMonth } from '../../../core/calendar';
import { usd } from '../../../core/money';
import { LedgerUnavailable } from '../../../core/ledger/ports';
import { checkLedger } from '../../helpers/ledger-checks';
import { LedgerProcesses, reserved } from '../../helpers/ledger-processes';
import { meter, spend, world } from './spending';

describe('exact', () => {
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
});
