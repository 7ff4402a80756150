import { understatedWhy } from '../../../core/meter/assess';
import type { MeterFinding } from '../../../core/meter/types';
import { reading, series, USAGE } from '../../helpers/meter-world';
import { knownOf, NOW } from './assessed';

const finding = (kind: MeterFinding['kind'], text: string, understates = false): MeterFinding => ({
  kind,
  text,
  understates,
});

/** Of a read that finds nothing by itself. */
const foundOf = (found: readonly MeterFinding[]) => knownOf(reading(NOW), undefined, NOW, USAGE, found);

const many = (count: number, kind: MeterFinding['kind'], understates: boolean) =>
  Array.from({ length: count }, (_, index) =>
    finding(kind, `of series ${String(index).padStart(2, '0')}`, understates),
  );

test('findings are in one order, by kind and then by text, so that the same faults are the same on every read', () => {
  const ordered = [finding('future', 'z'), finding('negative', 'b'), finding('negative', 'y'), finding('unit', 'a')];
  const mixed = [2, 0, 3, 1].flatMap((index) => ordered[index] ?? []);
  for (const found of [ordered, ordered.toReversed(), mixed, mixed.toReversed(), [...mixed, ...ordered]]) {
    expect(foundOf(found).findings).toEqual(ordered);
  }
});

describe('of many findings fifty are named, and the rest counted', () => {
  test('fifty are all named', () => {
    const found = many(50, 'negative', true);
    expect(foundOf(found).findings).toEqual(found);
  });

  test('of 51 the last is counted', () => {
    const found = many(51, 'negative', true);
    const counted = finding('negative', 'and 1 more, of negative', true);
    expect(foundOf(found).findings).toEqual([...found.slice(0, 50), counted]);
  });

  test('so it is with those of the read itself', () => {
    const bad = Array.from({ length: 70 }, (_, index) => series({ modelId: `x${index}` }, [['2026-11-10T10:00', -1]]));
    const { findings, lowerBound } = knownOf(reading(NOW, ...bad));
    expect([findings.length, findings.at(-1)?.text, lowerBound]).toEqual([51, 'and 20 more, of negative', true]);
  });

  test.each<[string, readonly MeterFinding[], string, boolean]>([
    ['one of them understates', [finding('negative', 'x', true), finding('unit', 'y')], 'negative, unit', true],
    ['none does', [finding('otherMonth', 'x'), finding('otherMonth', 'y')], 'otherMonth', false],
  ])('what the rest hides is a lower bound where %s', (_name, rest, kinds, understates) => {
    const { findings, lowerBound } = foundOf([...many(50, 'fractional', false), ...rest]);
    expect(findings.at(-1)).toMatchObject({ understates, text: `and 2 more, of ${kinds}` });
    expect(lowerBound).toBe(understates);
  });
});

test.each<[string, readonly MeterFinding[], string]>([
  ['no cause is kept', [], 'points had to be left out, so real spend may be higher'],
  [
    'what does not understate is no cause',
    [finding('future', 'x')],
    'points had to be left out, so real spend may be higher',
  ],
  ['one cause', [finding('future', 'x'), finding('unit', 'y', true)], 'real spend may be higher: y'],
  ['two', [finding('negative', 'x', true), finding('unit', 'y', true)], 'real spend may be higher: x, and 1 more'],
])('why figures are a lower bound: %s', (_name, findings, text) => {
  expect(understatedWhy(findings)).toBe(text);
});
