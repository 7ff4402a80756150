import { exactSizing } from '../../../core/ledger/sizing';
import { usd } from '../../../core/money';
import { checkLedger } from '../../helpers/ledger-invariants';
import { meter } from '../../helpers/ledger-meter';
import { LedgerProcesses, reserved, spend } from '../../helpers/ledger-processes';

describe('the meter', () => {
  const metered = async () => {
    const processes = new LedgerProcesses();
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
    const processes = new LedgerProcesses();
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
