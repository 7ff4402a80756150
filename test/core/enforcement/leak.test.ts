import { MINUTE_MS, utcMonth } from '../../../core/calendar';
import { leakAlert } from '../../../core/enforcement/alerts';
import { keyOf, leaks } from '../../../core/enforcement/leak';
import type { KnownAssessment, ModelSpend } from '../../../core/meter';
import { usd } from '../../../core/money';

const STOP = Date.parse('2026-11-20T12:00:00Z');
const SETTLE = 20;
const SETTLED = STOP + SETTLE * MINUTE_MS;

const spend = (dollars: string | number, of: Partial<ModelSpend> = {}) =>
  ({ metricId: 'nova', region: 'us-east-1', modelId: 'nova', monthToDate: usd(dollars), ...of }) as ModelSpend;
const read = (asOf: number, ...byModel: readonly ModelSpend[]) => ({ asOf, byModel }) as KnownAssessment;
const look = (before: Parameters<typeof leaks>[0], now: KnownAssessment | undefined) => leaks(before, now, SETTLE);
const baseline = (dollars: number) => ({ stoppedSince: STOP, leakBaseline: { 'us-east-1|nova': usd(dollars) } });

test('while not everybody is denied, nothing that is spent is a leak, and nothing is kept to compare with', () => {
  expect(look({ leakBaseline: { 'us-east-1|nova': usd(1) } }, read(SETTLED, spend(9)))).toEqual({ leaks: [] });
});

test.each([
  ['just before what was in flight must have shown', SETTLED - 1, undefined],
  ['then', SETTLED, { 'us-east-1|nova': usd(96) }],
  ['after it', SETTLED + 1, { 'us-east-1|nova': usd(96) }],
])('%s: the baseline is what has been spent, and no leak', (_when, asOf, leakBaseline) => {
  expect(look({ stoppedSince: STOP }, read(asOf, spend(96)))).toEqual({
    leaks: [],
    ...(leakBaseline && { leakBaseline }),
  });
});

test('a read from before that says nothing against a baseline that there is', () => {
  expect(look(baseline(96), read(SETTLED - 1, spend(99)))).toEqual({
    leaks: [],
    leakBaseline: baseline(96).leakBaseline,
  });
});

test.each([
  ['before there is a baseline', { stoppedSince: STOP }, {}],
  ['afterwards', baseline(96), { leakBaseline: baseline(96).leakBaseline }],
])('what cannot be read is no leak, and what is kept stays: %s', (_when, before, kept) => {
  expect(look(before, undefined)).toStrictEqual({ leaks: [], ...kept });
});

test.each([
  ['less than', '95.999999999', undefined],
  ['the same as', '96', undefined],
  ['a nano-dollar more than', '96.000000001', '0.000000001'],
  ['more than', '99', '3'],
])('spend that is %s the baseline', (_what, now, amount) => {
  const { leaks: found, leakBaseline } = look(baseline(96), read(SETTLED, spend(now)));
  expect(found).toEqual(amount === undefined ? [] : [{ model: spend(now), amount: usd(amount) }]);
  // What has been told is told once.
  expect(leakBaseline).toEqual({ 'us-east-1|nova': amount === undefined ? usd(96) : usd(now) });
});

test('a model that had no spend at the baseline leaks all that it has; the same model in another Region is another', () => {
  const models = [spend(96), spend(1, { region: 'eu-west-1' }), spend(2, { metricId: 'opus', modelId: 'opus' })];
  const { leaks: found, leakBaseline } = look(baseline(96), read(SETTLED, ...models));
  expect(found.map(({ model, amount }) => [keyOf(model), amount])).toEqual([
    ['eu-west-1|nova', usd(1)],
    ['us-east-1|opus', usd(2)],
  ]);
  expect(leakBaseline).toEqual({ 'us-east-1|nova': usd(96), 'eu-west-1|nova': usd(1), 'us-east-1|opus': usd(2) });
});

test('each leak is paged for itself: its key tells the month and the time; without a leak nobody is paged', () => {
  const month = utcMonth(STOP);
  const found = [{ model: spend(99), amount: usd(3) }];
  expect(leakAlert(found, month, 7)).toEqual([{ kind: 'leak', key: `${month}|leak|7`, leaks: found }]);
  expect(leakAlert([], month, 7)).toEqual([]);
});
