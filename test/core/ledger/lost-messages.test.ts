import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { exactSizing } from '../../../core/ledger/sizing';
import { usd } from '../../../core/money';
import { LedgerUnavailable } from '../../../core/ledger/ports';
import { checkLedger } from '../../helpers/ledger-invariants';
import { LedgerProcesses, reserved, spend } from '../../helpers/ledger-processes';

describe('lost messages', () => {
  test.each(['lostAnswer', 'lostRequest'] as const)(
    '%s of a reservation: refused as unavailable, and nothing is lost',
    async (fault) => {
      const processes = new LedgerProcesses();
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
      const processes = new LedgerProcesses();
      const ledger = processes.start();
      const reservation = reserved(await ledger.reserve(usd(50)));
      processes.faults.push(fault);
      await expect(ledger.settle(reservation, usd(20))).rejects.toThrow(LedgerUnavailable);
      await ledger.settle(reservation, usd(20));
      expect(processes.state()).toMatchObject({ remaining: usd(80), spent: usd(20) });
    },
  );

  test('a settlement written long after it was given up counts once, whenever it arrives', async () => {
    const processes = new LedgerProcesses();
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
    const processes = new LedgerProcesses();
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
    const processes = new LedgerProcesses();
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
    const processes = new LedgerProcesses();
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
