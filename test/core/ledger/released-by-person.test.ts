import { dynamoDbLedgerStore } from '../../../client/adapters/dynamodb-ledger-store';
import { releaseAll } from '../../../core/ledger/budget';
import { utcMonth } from '../../../core/calendar';
import { usd, ZERO } from '../../../core/money';
import { LedgerUnavailable, type LedgerPort, type Reservation } from '../../../core/ledger/ports';
import { checkLedger } from '../../helpers/ledger-invariants';
import { meteredLedger } from '../../helpers/ledger-meter';
import { reserved, spend } from '../../helpers/ledger-processes';

describe('a person releases what a process was charged that is cut off from the table', () => {
  const note = { by: 'ana', reason: 'outage', at: 1 };

  async function cutOff(meanwhile: (ledger: LedgerPort, inFlight: Reservation) => Promise<void>) {
    const { processes, start, pass } = meteredLedger();
    let away = false;
    const documents = (isAway: () => boolean) => ({
      send: async (command: unknown) => {
        if (isAway()) throw new Error('connect ECONNREFUSED');
        return structuredClone(processes.table.run(command));
      },
    });
    const ledger = start({ documents: documents(() => away) as never });
    const inFlight = reserved(await ledger.reserve(usd(60)));
    away = true;
    await meanwhile(ledger, inFlight);
    await pass(17);
    await start().reserve(usd(50));
    const { now } = processes.time;
    const store = dynamoDbLedgerStore({
      ...{ tableName: 'leases', scope: 'production', now: () => now, random: () => 0.5 },
      ...{ documents: documents(() => false) as never, after: (ms, run) => processes.time.after(ms, run) },
    });
    const back = releaseAll(processes.record(), undefined, note);
    expect(await store.release(utcMonth(now), back!)).toBe(true);
    expect(processes.state()).toMatchObject({ spent: ZERO, remaining: usd(100), unsettled: 0 });
    checkLedger(processes.table);
    away = false;
    return { processes, ledger, inFlight };
  }

  test('what is in flight is held again with the next write', async () => {
    const { processes, ledger, inFlight } = await cutOff(() => Promise.resolve());
    expect(await ledger.reserve(usd('40.000000001'))).toMatchObject({ kind: 'refused' });
    await spend(ledger, usd(1), usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(1), remaining: usd(39) });
    await ledger.settle(inFlight, usd(5));
    expect(processes.state()).toMatchObject({ spent: usd(6), remaining: usd(94) });
    expect(processes.holds()).toEqual([]);
    checkLedger(processes.table);
  });

  test('what was told meanwhile and did not reach the table is spent', async () => {
    const { processes, ledger } = await cutOff((cut, inFlight) =>
      expect(cut.settle(inFlight, usd(5))).rejects.toThrow(LedgerUnavailable),
    );
    await spend(ledger, usd(1), usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(6), remaining: usd(94) });
    expect(processes.holds()).toEqual([]);
    checkLedger(processes.table);
  });
});
