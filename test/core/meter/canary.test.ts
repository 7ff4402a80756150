import { HOUR_MS, MINUTE_MS, utcMonth } from '../../../core/calendar';
import { canaryOverdue, canaryWindow, type CanaryRecord } from '../../../core/meter/canary';
import type { Series } from '../../../core/meter/types';
import { at, series } from '../../helpers/meter-world';

const NOW = at('2026-11-10T12:30');
const OWN = 'canary1';

/** A call of 10 tokens in and 4 out. */
const call = (time: string | number, over: Partial<CanaryRecord> = {}): CanaryRecord => ({
  atMs: typeof time === 'number' ? time : at(`2026-11-10T${time}`),
  profileId: OWN,
  profileArn: `arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/${OWN}`,
  modelId: 'amazon.nova-micro-v1:0',
  inputTokens: 10,
  outputTokens: 4,
  ...over,
});

/** What CloudWatch shows of a profile in an hour. */
function shows(input: number, output: number, hour = '12:00', modelId = OWN, region = 'us-east-1'): readonly Series[] {
  const counts = { InputTokenCount: input, OutputTokenCount: output };
  return Object.entries(counts).map(([metric, count]) =>
    series({ metric, modelId, region }, [[`2026-11-10T${hour}`, count]]),
  );
}

const since = (records: readonly CanaryRecord[], all: readonly Series[], now = NOW) =>
  canaryOverdue(records, all, utcMonth(now), now)?.since;
const LAST_DUE = NOW - 15 * MINUTE_MS;

test('calls are judged from 15 minutes after they were made until they are 3 hours old', () => {
  expect(canaryWindow(NOW)).toEqual({ from: NOW - 3 * HOUR_MS, to: LAST_DUE + 1 });
});

test.each<[string, number, boolean]>([
  ['14:59.999 minutes old: its tokens may still come', LAST_DUE + 1, false],
  ['15 minutes old', LAST_DUE, true],
  ['3 hours old', NOW - 3 * HOUR_MS, true],
  ['a moment older: judged no more', NOW - 3 * HOUR_MS - 1, false],
])('a call that nothing shows of: %s', (_name, atMs, overdue) => {
  expect(since([call(atMs)], [])).toBe(overdue ? atMs : undefined);
});

test.each<[string, readonly CanaryRecord[], readonly Series[], string | undefined]>([
  ['no call at all', [], [], undefined],
  ['all of its tokens', [call('12:01')], shows(10, 4), undefined],
  ['more: a record is a lower bound', [call('12:01')], shows(11, 5), undefined],
  ['an input token too few', [call('12:01')], shows(9, 4), '12:01'],
  ['an output token too few', [call('12:01')], shows(10, 3), '12:01'],
  ['more of the one does not make up for less of the other', [call('12:01')], shows(100, 3), '12:01'],
  ['two calls of an hour add up', [call('12:01'), call('12:02')], shows(20, 8), undefined],
  ['the second is short of an input token', [call('12:01'), call('12:02')], shows(19, 8), '12:02'],
  ['the second is short of an output token', [call('12:01'), call('12:02')], shows(20, 7), '12:02'],
  ['the first that is overdue, whatever the order', [call('12:02'), call('12:01')], shows(10, 4), '12:02'],
  ['each hour has its own', [call('11:59'), call('12:00')], [...shows(10, 4, '11:00'), ...shows(10, 4)], undefined],
  ['an hour does not make up for another', [call('11:59'), call('12:00')], shows(20, 8), '11:59'],
  [
    'the tokens of all Regions',
    [call('12:01')],
    [...shows(6, 2), ...shows(4, 2, '12:00', OWN, 'eu-west-1')],
    undefined,
  ],
  ['those of another profile are not its own', [call('12:01')], shows(10, 4, '12:00', 'abc123'), '12:01'],
])('%s', (_name, records, all, expected) => {
  expect(since(records, all)).toBe(expected === undefined ? undefined : at(`2026-11-10T${expected}`));
});

test('a sum over all models is of no profile', () => {
  const all = shows(100, 100).map(({ id, points }) => ({ id: { ...id, dimensions: {} }, points }));
  expect(since([call('12:01')], all)).toBe(at('2026-11-10T12:01'));
});

describe('a canary that was replaced is judged by its own profile', () => {
  const records = [call('12:01'), call('12:02', { profileId: 'canary2' })];
  test.each<[string, readonly Series[], string | undefined]>([
    ['both have shown', [...shows(10, 4), ...shows(10, 4, '12:00', 'canary2')], undefined],
    ['what the old one shows above its records is not of the new one', shows(20, 8), '12:02'],
    ['nor the other way round', shows(20, 8, '12:00', 'canary2'), '12:01'],
    ['neither: since the first', [], '12:01'],
  ])('%s', (_name, all, expected) => {
    const first = expected === undefined ? undefined : at(`2026-11-10T${expected}`);
    expect([since(records, all), since(records.toReversed(), all)]).toEqual([first, first]);
  });
});

test('a call of the month before is not judged: the read holds nothing of it', () => {
  const now = at('2026-12-01T00:20');
  const turn = at('2026-12-01T00:00');
  expect(since([call(turn - 1)], [], now)).toBeUndefined();
  expect(since([call(turn - 1), call(turn)], [], now)).toBe(turn);
});
