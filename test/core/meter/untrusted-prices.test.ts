import { HOUR_MS } from '../../../core/calendar';
import { datesOf, sameDates, untrustedPrices } from '../../../core/meter/untrusted-prices';
import type { MeteredModel, Series, UsageClass, UsageResolution } from '../../../core/meter/types';

const FROM = Date.parse('2026-11-12T09:00:00Z');
const MODEL = 'us.anthropic.claude-sonnet-4-20250514-v1:0';
const ours = { kind: 'ours', model: { modelId: MODEL } as MeteredModel } as const;

function used(at: number, value = 1, metricId = 'opaque'): Series {
  const id = {
    namespace: 'AWS/Bedrock',
    region: 'us-east-1',
    metric: 'InputTokenCount',
    dimensions: { ModelId: metricId },
  };
  return { id, points: [{ at, value }] };
}

const find = (series: Series, kind: UsageClass = ours, dates = { [MODEL]: FROM }) =>
  untrustedPrices({ classes: { opaque: kind } } as unknown as UsageResolution, [series], dates);

test.each([
  ['the hour before', FROM - HOUR_MS, 0],
  ['the hour that holds it', FROM - HOUR_MS + 1, 1],
  ['the hour of it', FROM, 1],
])('trap 50: use in %s counts: %d findings of %d', (_when, at, findings) => {
  expect(find(used(at))).toHaveLength(findings);
});

test('trap 50: such a reading is a lower bound, and the model, the date and the remedy are named', () => {
  expect(find(used(FROM))).toEqual([
    {
      kind: 'untrustedPrice',
      understates: true,
      text: expect.stringMatching(/claude-sonnet-4.* 2026-11-12,.*prices of the config/),
    },
  ]);
});

test('one use after that date is enough, whatever came before', () => {
  const { id } = used(FROM);
  const points = [
    { at: FROM - 2 * HOUR_MS, value: 5 },
    { at: FROM, value: 1 },
    { at: FROM + HOUR_MS, value: 0 },
  ];
  expect(find({ id, points })).toHaveLength(1);
});

test('what was not used, is somebody else’s, or has no date, is no finding', () => {
  expect(find(used(FROM, 0))).toEqual([]);
  expect(find(used(FROM), { kind: 'foreign', owner: 'staging' })).toEqual([]);
  expect(find(used(FROM), { kind: 'unattributed' })).toEqual([]);
  expect(find(used(FROM, 1, 'other'))).toEqual([]);
  expect(find(used(FROM), ours, {} as never)).toEqual([]);
});

test('the earlier of two dates counts; a price of the config’s own needs none', () => {
  expect(datesOf({ a: 5, b: 1 }, { a: 3, c: 7 }, ['b'])).toEqual({ a: 3, c: 7 });
  expect(datesOf({ a: 2 }, { a: 3 }, [])).toEqual({ a: 2 });
});

test.each([
  [{ a: 1 }, { a: 1 }, true],
  [{ a: 1 }, { a: 2 }, false],
  [{ a: 1 }, {}, false],
  [{}, { a: 1 }, false],
  [{ a: 1 }, { b: 1 }, false],
  [{ a: 1, b: 1 }, { a: 1, b: 2 }, false],
])('%j and %j are the same: %s', (a, b, same) => {
  expect(sameDates(a, b)).toBe(same);
});
