import fc from 'fast-check';
import type { Amount, DayReading } from '../../../core/bill/bill';
import type { UtcDay } from '../../../core/calendar';
import { compareDays, daysToCompare, OTHERS } from '../../../core/meter/compare';
import { usd, type NanoUsd } from '../../../core/money';
import { at } from '../../helpers/meter-world';

const DAY = '2026-11-10' as UtcDay;
const NEXT = '2026-11-11' as UtcDay;
const LITE = { modelId: 'amazon.nova-lite-v1:0', name: 'Nova Lite' };
const PRO = { modelId: 'amazon.nova-pro-v1:0', name: 'Nova Pro' };

const known = (amounts: Readonly<Record<string, number>>): DayReading => ({
  kind: 'known',
  amounts: Object.entries(amounts).map(([name, dollars]): Amount => ({ name, amount: usd(dollars) })),
});
const unavailable = (why: string): DayReading => ({ kind: 'unavailable', why });

function compared(meter: DayReading, bill: DayReading, models = [LITE, PRO]) {
  return compareDays([DAY], models, new Map([[DAY, meter]]), new Map([[DAY, bill]]));
}

describe('which days', () => {
  test.each([
    ['a moment before the last is 48 hours old', '2026-11-22T23:59:59Z', '2026-11-13', '2026-11-19'],
    ['at 48 hours exactly', '2026-11-23T00:00:00Z', '2026-11-14', '2026-11-20'],
    ['on day 1 all are of the month before', '2026-12-01T08:00:00Z', '2026-11-22', '2026-11-28'],
    ['on day 4 of both', '2026-12-04T08:00:00Z', '2026-11-25', '2026-12-01'],
    ['over the turn of the year', '2027-01-02T08:00:00Z', '2026-12-24', '2026-12-30'],
    ['in February of a leap year', '2028-03-03T00:00:00Z', '2028-02-23', '2028-02-29'],
  ])('trap 33: %s', (_when, now, from, to) => {
    const days = daysToCompare(at(now));
    expect(days).toHaveLength(7);
    expect([days[0], days.at(-1)]).toEqual([from, to]);
  });
});

describe('what is compared with what', () => {
  test.each([
    ['NovaLite', LITE.modelId],
    ['Nova Lite', LITE.modelId],
    ['nova-lite', LITE.modelId],
    ['Nova.Lite', LITE.modelId],
    ['NovaLite2', OTHERS],
    ['Nova_Lite', OTHERS],
    ['NovaLiteBatch', OTHERS],
    ['USE1-Something-else', OTHERS],
  ])('the label %s is %s', (label, modelId) => {
    const { days } = compared(known({ [LITE.modelId]: 5 }), known({ [label]: 6 }));
    expect(days).toEqual([{ day: DAY, modelId, meter: usd(5), bill: usd(6) }]);
  });

  test('a model that the bill does not name goes to the others, with what the bill names otherwise', () => {
    const meter = known({ [LITE.modelId]: 5, [PRO.modelId]: 7, unknownid: 1 });
    const { days } = compared(meter, known({ NovaLite: 5, 'Nova2.0Pro': 8 }));
    expect(days).toEqual([
      { day: DAY, modelId: LITE.modelId, meter: usd(5), bill: usd(5) },
      { day: DAY, modelId: OTHERS, meter: usd(8), bill: usd(8) },
    ]);
  });

  test('two models of one name cannot be told apart: both are others', () => {
    const twin = { modelId: 'amazon.nova-lite-v2:0', name: 'nova lite' };
    const { days } = compared(known({ [LITE.modelId]: 5, [twin.modelId]: 1 }), known({ NovaLite: 6 }), [LITE, twin]);
    expect(days).toEqual([{ day: DAY, modelId: '(others)', meter: usd(6), bill: usd(6) }]);
  });

  test('named on one day is named on all: a day without that label was billed nothing for it', () => {
    const meter = new Map([DAY, NEXT].map((day) => [day, known({ [LITE.modelId]: 5 })]));
    const bill = new Map([
      [DAY, known({ NovaLite: 5 })],
      [NEXT, known({ NovaPro: 2 })],
    ]);
    expect(compareDays([DAY, NEXT], [LITE], meter, bill).days.filter(({ day }) => day === NEXT)).toEqual([
      { day: NEXT, modelId: LITE.modelId, meter: usd(5), bill: 0 },
      { day: NEXT, modelId: OTHERS, meter: 0, bill: usd(2) },
    ]);
  });

  test('property: whatever the labels, each side’s rows add up to its total', () => {
    const name = fc.constantFrom(LITE.modelId, PRO.modelId, 'NovaLite', 'nova pro', 'x', 'Nova-Pro-batch');
    const amounts = fc
      .uniqueArray(fc.tuple(name, fc.integer({ min: 0, max: 10 ** 12 })), { selector: ([one]) => one })
      .map((all) => all.map(([one, amount]): Amount => ({ name: one, amount: amount as NanoUsd })));
    const sum = (of: readonly { amount: number }[]) => of.reduce((total, { amount }) => total + amount, 0);
    fc.assert(
      fc.property(amounts, amounts, (meter, bill) => {
        const { days } = compared({ kind: 'known', amounts: meter }, { kind: 'known', amounts: bill });
        expect(sum(days.map((day) => ({ amount: day.meter })))).toBe(sum(meter));
        expect(sum(days.map((day) => ({ amount: day.bill })))).toBe(sum(bill));
      }),
    );
  });
});

describe('unknown is never zero', () => {
  test.each<[string, DayReading | undefined, DayReading | undefined, string]>([
    ['bill known, meter unknown', unavailable('PartialData'), known({ NovaLite: 5 }), 'the meter: PartialData'],
    ['meter known, bill unknown', known({ [LITE.modelId]: 5 }), unavailable('no line'), 'the bill: no line'],
    ['both unknown', unavailable('PartialData'), unavailable('no line'), 'the meter: PartialData'],
    ['meter not read', undefined, known({ NovaLite: 5 }), 'the meter: not read'],
    ['bill not read', known({ [LITE.modelId]: 5 }), undefined, 'the bill: not read'],
  ])('%s: not compared, and said', (_what, meter, bill, why) => {
    const side = (reading: DayReading | undefined) => new Map(reading ? [[DAY, reading]] : []);
    expect(compareDays([DAY], [LITE], side(meter), side(bill))).toEqual({ days: [], notCompared: [{ day: DAY, why }] });
  });

  test('a meter that saw in full and saw nothing is compared: that is what a blind spot looks like', () => {
    expect(compared(known({}), known({ NovaLite: 5 })).days).toEqual([
      { day: DAY, modelId: LITE.modelId, meter: 0, bill: usd(5) },
    ]);
  });
});
