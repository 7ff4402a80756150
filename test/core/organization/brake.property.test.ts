import fc from 'fast-check';
import { utcMonth } from '../../../core/calendar';
import { nanoUsd, usd } from '../../../core/money';
import { standOf } from '../../../core/organization/account';
import { decideBrake, isToBeAttached } from '../../../core/organization/brake-decide';
import { freshBrake } from '../../../core/organization/brake-record';
import type { Standing } from '../../../core/organization/standing';
import { at, AUTOMATIC, heard, MANAGEMENT, NEVER, NOON, ONE, ORGANIZATION, standing } from '../../helpers/organization';

const account = fc.constantFrom(ONE, AUTOMATIC, NEVER, MANAGEMENT);
const said = fc
  .record({
    minute: fc.nat(100),
    environment: fc.constantFrom('dev', 'prod'),
    spentNano: fc.option(fc.nat(usd(150)), { nil: null, freq: 5 }),
    desired: fc.constantFrom('open' as const, 'stopped' as const),
    atLeast: fc.boolean(),
    month: fc.constantFrom('2026-10', '2026-11', '2026-11', '2026-11'),
  })
  .map(({ minute, ...over }): Standing => standing({ ...over, ...at(minute) }));
const story = fc.array(said, { maxLength: 12 });
const now = NOON + 101 * 60_000;

const decided = (of: string, standings: readonly Standing[], isAttached = false) => {
  const stand = standOf(ORGANIZATION, heard(of, ...standings), utcMonth(now), now);
  return { stand, ...decideBrake(freshBrake(of), stand, isAttached, now) };
};

test('more spend never makes a brake less wanted', () => {
  fc.assert(
    fc.property(account, story, fc.nat(usd(50)), (of, standings, more) => {
      const raised = standings.map((one) => ({
        ...one,
        spentNano: one.spentNano === null ? null : one.spentNano + more,
      }));
      const before = decided(of, standings).record.hold?.cause === 'spend';
      const after = decided(of, raised).record.hold?.cause === 'spend';
      expect(before && !after).toBe(false);
    }),
  );
});

test('in whatever order standings come, the latest of each environment is kept', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(said, { maxLength: 10, selector: ({ environment, at: time }) => `${environment} ${time}` }),
      fc.infiniteStream(fc.nat()),
      (standings, order) => {
        const shuffled = standings.map((one) => ({ one, key: order.next().value })).toSorted((a, b) => a.key - b.key);
        const latest = (all: readonly Standing[]) =>
          heard(ONE, ...all)
            .standings.map(({ standing: { environment, at: time } }) => `${environment} ${time}`)
            .toSorted();
        expect(latest(shuffled.map(({ one }) => one))).toEqual(latest(standings));
      },
    ),
  );
});

test('nobody is braked whose spend is unknown, nor whom the file or AWS keeps out, nor unasked without approval', () => {
  let [unknown, attached] = [0, 0];
  fc.assert(
    fc.property(account, story, (of, standings) => {
      const { stand, action, record } = decided(of, standings);
      if (stand.spent.kind === 'unavailable') {
        unknown += 1;
        expect(record.hold).toBeUndefined();
      }
      if (of !== AUTOMATIC) expect(action).toBe('none');
      if (action === 'attach') attached += 1;
      expect(isToBeAttached(record, stand)).toBe(action === 'attach');
    }),
    { numRuns: 300 },
  );
  expect([unknown, attached].every((times) => times > 10)).toBe(true);
});

test('what is attached and not the hub’s is never detached', () => {
  fc.assert(
    fc.property(account, story, (of, standings) => {
      expect(decided(of, standings, true)).toMatchObject({ action: 'none', isForeign: true });
    }),
  );
});

test('a decision on the same reading is the same, and after it nothing is left to do', () => {
  fc.assert(
    fc.property(story, fc.nat(usd(200)), (standings, extra) => {
      const all = [...standings, standing({ ...at(100), spentNano: nanoUsd(extra) })];
      const { stand, record, action } = decided(AUTOMATIC, all);
      const isAttached = action === 'attach';
      const second = decideBrake(record, stand, isAttached, now);
      const third = decideBrake(second.record, stand, isAttached, now);
      expect(third).toEqual({ action: 'none', record: second.record, isForeign: false });
    }),
  );
});
