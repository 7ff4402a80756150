import fc from 'fast-check';
import { rowsOf, stacked, widthOf } from '../../../simulator/report/html/chart/labels';
import { dayTicks, dollarTicks, timeTicks } from '../../../simulator/report/html/chart/ticks';
import { at } from './page-fixture';

const LINE = 14;

test('no two labels are nearer than a line, whatever they name, and all are within the chart', () => {
  const label = fc.record({ at: fc.integer({ min: -50, max: 400 }), weight: fc.integer({ min: 0, max: 9 }) });
  fc.assert(
    fc.property(fc.array(label, { maxLength: 40 }), (labels) => {
      const placed = stacked(
        labels.map((one) => ({ ...one, text: 'x', className: '' })),
        14,
        204,
        LINE,
      );
      for (const [index, { y }] of placed.entries()) {
        expect(y).toBeGreaterThanOrEqual(14);
        expect(y).toBeLessThanOrEqual(204);
        if (index > 0) expect(y - placed[index - 1]!.y).toBeGreaterThanOrEqual(LINE);
      }
      expect(placed).toHaveLength(Math.min(labels.length, 13));
    }),
  );
});

test('a label stands at what it names where there is room, and what matters less is left out first', () => {
  const place = (count: number) =>
    stacked(
      Array.from({ length: count }, (_, index) => ({
        text: `${index}`,
        at: 40 + index * 30,
        weight: index,
        className: '',
      })),
      14,
      204,
      LINE,
    );
  expect(place(5).map(({ y }) => y)).toEqual([40, 70, 100, 130, 160]);
  expect(place(15).map(({ text }) => text)).not.toContain('1');
  expect(place(15).map(({ text }) => text)).toContain('14');
});

test('no text on a time line covers another', () => {
  const span = fc.record({ text: fc.string({ maxLength: 30 }), at: fc.integer({ min: 0, max: 328 }) });
  fc.assert(
    fc.property(fc.array(span, { maxLength: 12 }), (spans) => {
      const sorted = [...spans].sort((a, b) => a.at - b.at);
      const rows = rowsOf(sorted, { rows: 3, from: 8, to: 320, size: 11 });
      const placed = rows.flatMap((one, index) => (one ? [{ ...one, width: widthOf(sorted[index]!.text, 11) }] : []));
      for (const one of placed) {
        expect(one.x).toBeGreaterThanOrEqual(8);
        expect(one.x + one.width).toBeLessThanOrEqual(320.001);
        for (const other of placed)
          if (other !== one && other.row === one.row)
            expect(one.x + one.width < other.x || other.x + other.width < one.x || one.x === other.x).toBe(true);
      }
    }),
  );
});

test('few round amounts on the axis', () => {
  expect(dollarTicks(53)).toEqual([0, 20, 40]);
  expect(dollarTicks(200)).toEqual([0, 50, 100, 150, 200]);
  expect(dollarTicks(0)).toEqual([0]);
  for (const most of [1, 7, 99, 1e9, 9e15]) expect(dollarTicks(most).length).toBeLessThanOrEqual(5);
});

test('days at midnight, hours where the time is short, and no more than there is room for', () => {
  const [from, to] = [at('2026-03-01T00:00Z'), at('2026-04-01T00:00Z')];
  expect(dayTicks(from, to, 4).map((day) => day.toISOString().slice(5, 16))).toEqual([
    '03-01T00:00',
    '03-15T00:00',
    '03-29T00:00',
  ]);
  expect(timeTicks(from, from + 8 * 3_600_000, 4)).toHaveLength(4);
  for (const count of [4, 9])
    for (const days of [1, 3, 31, 366, 1200])
      expect(timeTicks(from, from + days * 86_400_000, count).length).toBeLessThanOrEqual(count + 1);
});
