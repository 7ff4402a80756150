import { usd, ZERO } from '../../../core/money';
import { checkLedger } from '../../helpers/ledger-invariants';
import { broken, meteredLedger } from '../../helpers/ledger-meter';
import { reserved, spend } from '../../helpers/ledger-processes';

describe('what was charged without known usage', () => {
  test('is told apart from what was', async () => {
    const { processes, ledger } = meteredLedger();
    await spend(ledger, usd(3), usd(3));
    await broken(ledger, usd(5));
    expect(processes.state()).toMatchObject({ spent: usd(8), unsettled: usd(5), remaining: usd(92) });
  });

  test('an outage of two hours comes back once the meter has the hours, all of it', async () => {
    const { processes, ledger, meterSays, pass } = meteredLedger();
    await spend(ledger, usd(3), usd(3));
    for (let n = 0; n < 8; n += 1) {
      await broken(ledger, usd('0.5'));
      await pass(10);
    }
    expect(processes.state()).toMatchObject({ spent: usd(7), unsettled: usd(4) });
    await pass(100);
    meterSays('13:00', usd(3));
    await spend(ledger, usd(1), usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(4), unsettled: 0, remaining: usd(96) });
    checkLedger(processes.table);
  });

  test.each([
    ['nothing of it was used', usd(3), usd(0)],
    ['some was', usd(5), usd(2)],
    ['all was', usd(7), usd(4)],
    ['callers without the plugin used more beside', usd(50), usd(4)],
  ])('%s: what the meter saw beyond what callers told stays', async (_, seen, left) => {
    const { processes, ledger, meterSays, pass } = meteredLedger();
    await spend(ledger, usd(3), usd(3));
    await broken(ledger, usd(4));
    await pass(200);
    meterSays('13:00', seen, ZERO);
    await spend(ledger, ZERO, ZERO);
    await spend(ledger, usd(1), usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(4) + left, unsettled: left });
  });

  test.each([
    ['10:49', '12:00', true],
    // Its hour is the next: clocks may differ by five minutes.
    ['10:55', '12:00', false],
    ['10:55', '13:00', true],
    ['11:54', '13:00', true],
    ['11:55', '13:00', false],
  ])('charged at %s, with all complete until %s: %s', async (at, until, back) => {
    const { processes, ledger, meterSays, pass } = meteredLedger(usd(100), `2026-11-12T${at}:00Z`);
    await broken(ledger, usd(4));
    await pass(180);
    meterSays(until, ZERO);
    await spend(ledger, usd(1), usd(1));
    expect(processes.state().unsettled).toBe(back ? 0 : usd(4));
  });

  test('a crash comes back too, once, and its process, which only stood still, is charged what it used then', async () => {
    const { processes, start, ledger, meterSays, pass } = meteredLedger();
    const paused = start();
    const reservation = reserved(await paused.reserve(usd(60)));
    await pass(17);
    await ledger.reserve(usd(50));
    expect(processes.state()).toMatchObject({ spent: usd(60), unsettled: usd(60) });
    await pass(200);
    meterSays('13:00', ZERO);
    await spend(ledger, usd(1), usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(1), unsettled: 0, remaining: usd(99) });
    expect(processes.holds()).toEqual([]);
    await paused.settle(reservation, usd(5));
    await spend(paused, usd(1), usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(7), remaining: usd(93) });
    checkLedger(processes.table);
  });

  test('a charged hold stays as long as its calls may go on at the provider', async () => {
    const { processes, start, ledger, meterSays, pass } = meteredLedger();
    await start().reserve(usd(60));
    await pass(17);
    await ledger.reserve(usd(50));
    await pass(100);
    meterSays('11:00', ZERO);
    await spend(ledger, usd(1), usd(1));
    expect(processes.holds()).toMatchObject([{ claim: 'charged', amount: usd(60) }]);
  });

  test('a hold that is alive is never part of it', async () => {
    const { processes, ledger, meterSays, pass } = meteredLedger();
    const inFlight = reserved(await ledger.reserve(usd(60)));
    await pass(200);
    meterSays('13:00', ZERO);
    await spend(ledger, usd(1), usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(1), remaining: usd(39) });
    await ledger.settle(inFlight, usd(10));
    expect(processes.state()).toMatchObject({ spent: usd(11), remaining: usd(89) });
  });

  test('what the meter says is spent at least is spent, whatever comes back', async () => {
    const { processes, ledger, meterSays, pass } = meteredLedger();
    await broken(ledger, usd(4));
    await pass(200);
    meterSays('13:00', ZERO, usd(3));
    await spend(ledger, ZERO, ZERO);
    await spend(ledger, usd(1), usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(4), raised: usd(3), unsettled: 0 });
    checkLedger(processes.table);
  });

  test('without a word of complete hours nothing comes back', async () => {
    const { processes, ledger, pass } = meteredLedger();
    await broken(ledger, usd(4));
    await pass(600);
    await spend(ledger, usd(1), usd(1));
    expect(processes.state()).toMatchObject({ spent: usd(5), unsettled: usd(4) });
  });

  test.each([
    ['in time', 0, ZERO],
    ['when the hours it speaks of are forgotten', 8 * 60, usd(4)],
  ])('a word of the meter that is heard %s', async (_, late, left) => {
    const { processes, start, meterSays, pass } = meteredLedger(usd(100), '2026-11-12T06:20:00Z');
    const unaware = start({ status: () => undefined });
    await broken(unaware, usd(4));
    await pass(140);
    meterSays('08:00', late === 0 ? ZERO : usd(4));
    await pass(1);
    await spend(unaware, usd(4), usd(4));
    await pass(late);
    await spend(unaware, usd(1), usd(1));
    await spend(start(), usd(1), usd(1));
    expect(processes.state()).toMatchObject({ unsettled: left, spent: usd(6) + left });
  });

  test('many who find it give it back once', async () => {
    const { processes, start, ledger, meterSays, pass } = meteredLedger();
    await broken(ledger, usd(4));
    await pass(200);
    meterSays('13:00', ZERO);
    await Promise.all(Array.from({ length: 20 }, () => spend(start(), usd(1), usd(1))));
    expect(processes.state()).toMatchObject({ spent: usd(20), unsettled: 0, remaining: usd(80) });
  });
});
