import { exactSizing, leaseSizing, type Sizing } from '../../../core/ledger/sizing';
import { nanoUsd, usd, ZERO } from '../../../core/money';
import type { LedgerPort } from '../../../core/ledger/ports';
import { checkLedger } from '../../helpers/ledger-invariants';
import { meteredLedger } from '../../helpers/ledger-meter';
import { reserved, spend } from '../../helpers/ledger-processes';

test('of hundreds of crashes the holds are forgotten bit by bit, in expressions that DynamoDB takes, and all comes back', async () => {
  const { processes, ledger, meterSays, start, pass } = meteredLedger(usd(100));
  for (let n = 0; n < 250; n += 1) reserved(await start().reserve(usd('0.1')));
  await pass(17);
  // A refused call looks for the dead, and waits for no more than twenty writes.
  for (let charged = 20; charged < 270; charged += 20) {
    const before = processes.table.writeUnits;
    expect((await ledger.reserve(usd(90))).kind).toBe('refused');
    expect(processes.table.writeUnits - before).toBeLessThanOrEqual(20 * 10);
    expect(processes.state().unsettled).toBe(Math.min(charged, 250) * usd('0.1'));
    await pass(0.2);
  }
  expect(processes.state()).toMatchObject({ unsettled: usd(25), remaining: usd(75) });
  await pass(200);
  for (const left of [150, 50, 0]) {
    meterSays('13:00', ZERO);
    await spend(ledger, usd('0.01'), usd('0.01'));
    await pass(1);
    expect(processes.holds()).toHaveLength(left);
    expect(processes.state().unsettled).toBe(left === 0 ? 0 : usd(25));
    checkLedger(processes.table);
  }
  expect(processes.state()).toMatchObject({ spent: usd('0.03'), remaining: usd('99.97') });
});

test.each<[string, Sizing]>([
  ['exact', exactSizing()],
  ['lease', leaseSizing],
])(
  '%s: one of four processes killed at a small cap: in the end at least 95%% of it is used, and never more',
  async (_, sizing) => {
    const { processes, meterSays, pass, start } = meteredLedger(usd(1));
    const BOUND = usd('0.02');
    const ledgers = Array.from({ length: 4 }, () => start({}, sizing));
    let billed = 0;
    /** Calls cost a third of their bound, five at a time each, until the budget lets none in. */
    const spendAll = async (ofThem: readonly LedgerPort[]) => {
      for (let refused = 0; refused < ofThem.length * 5;) {
        refused = 0;
        const each = ofThem.flatMap((ledger) => Array.from({ length: 5 }, () => ledger));
        const round = Promise.all(
          each.map(async (ledger) => {
            const outcome = await ledger.reserve(BOUND);
            if (outcome.kind === 'refused') return void (refused += 1);
            const spent = nanoUsd(Math.floor(BOUND / 3));
            billed += spent;
            await ledger.settle(outcome.reservation, spent);
          }),
        );
        await processes.settles(round);
        expect(billed).toBeLessThanOrEqual(usd(1));
      }
    };
    const [killed, ...others] = ledgers;
    // Five calls of it are under way when it dies; what they use is billed.
    for (let n = 0; n < 5; n += 1) reserved(await killed!.reserve(BOUND));
    billed += 5 * Math.floor(BOUND / 3);
    processes.kill(killed!);
    await spendAll(others);
    const before = billed / usd(1);
    // Somebody finds the dead, and the meter has the hours.
    await pass(30);
    await spendAll(others);
    await pass(210);
    meterSays('14:00', nanoUsd(billed));
    await processes.settles(Promise.all(others.map((ledger) => spend(ledger, ZERO, ZERO))));
    await spendAll(others);
    process.stdout.write(
      `${sizing === leaseSizing ? 'lease' : 'exact'}: ${(before * 100).toFixed(1)}% used before the meter spoke, ${((billed / usd(1)) * 100).toFixed(1)}% after\n`,
    );
    expect(billed / usd(1)).toBeGreaterThan(0.95);
  },
);
