import { exactSizing } from '../../../core/ledger/sizing';
import { usd } from '../../../core/money';
import { broken, meteredLedger } from '../../helpers/ledger-meter';
import { LedgerProcesses, spend } from '../../helpers/ledger-processes';

describe('the most that is charged without known usage in an hour', () => {
  test.each([
    [usd('9.999999999'), 'reserved'],
    [usd(10), 'refused'],
    [usd('10.000000001'), 'refused'],
  ])('%d nano-dollars of $10: the next call is %s', async (charged, kind) => {
    const { ledger } = meteredLedger(usd(100));
    const capped = meteredLedger(usd(100));
    const one = capped.start({ unsettledPerHour: usd(10) });
    await broken(one, charged);
    expect((await one.reserve(usd(1))).kind).toBe(kind);
    await broken(ledger, charged);
    expect((await ledger.reserve(usd(1))).kind).toBe('reserved');
  });

  test('holds calls up until the hour is over, and says so', async () => {
    const { start, pass } = meteredLedger(usd(100));
    const ledger = start({ unsettledPerHour: usd(10) });
    await broken(ledger, usd(10));
    // Hours turn five minutes early: it is 10:20.
    expect(await ledger.reserve(usd(1))).toEqual({
      ...{ kind: 'refused', soft: false, unsettled: true },
      ...{ retryAfterSeconds: 35 * 60, remaining: usd(90) },
    });
    await pass(35);
    expect((await ledger.reserve(usd(1))).kind).toBe('reserved');
  });

  test('is a fifth of the limit by default, over all processes, each of which knows with its next write', async () => {
    const processes = new LedgerProcesses(usd(100));
    const [one, two] = [1, 2].map(() => processes.start(exactSizing(), { unsettledPerHour: undefined as never }));
    await broken(one!, usd('19.99'));
    await broken(two!, usd('0.01'));
    await spend(one!, usd(1), usd(1));
    expect(await one!.reserve(usd(1))).toMatchObject({ kind: 'refused', unsettled: true });
  });
});
