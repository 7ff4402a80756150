import {
  daysAsked,
  invocationQuery,
  logFault,
  logRow,
  monthReported,
  spendersOfMonth,
  type LogAnswer,
  type LogRow,
} from '../../../core/spenders';
import type { UtcDay, UtcMonth } from '../../../core/calendar';

const QUERY = invocationQuery('2026-11-22' as UtcDay);

describe('the query', () => {
  test('names figures and names, and nothing that was said', () => {
    const fields = [...QUERY.matchAll(/[@\w]+(?:\.[\w]+)+|@\w+/g)].map(([field]) => field);
    expect([...new Set(fields)].sort()).toEqual([
      '@timestamp',
      'identity.arn',
      'input.cacheReadInputTokenCount',
      'input.cacheWriteInputTokenCount',
      'input.inputTokenCount',
      'output.outputTokenCount',
    ]);
    expect(QUERY).not.toMatch(/@message|body|content|prompt|requestMetadata|\*\)(?! as calls)/i);
  });

  test('is of Bedrock’s records, added up by caller and model: no record itself is asked for', () => {
    expect(QUERY).toMatch(
      /^filter toMillis\(@timestamp\) < 1795392000000 \| filter schemaType = "ModelInvocationLog" \| stats /,
    );
    expect(QUERY).toMatch(/ by identity\.arn as arn, modelId as model \| sort outputTokens desc$/);
    expect(QUERY).not.toMatch(/\b(fields|display|parse)\b/);
  });
});

describe('a row of the answer', () => {
  const full = {
    ...{ arn: 'a', model: 'm', calls: '3', failed: '1', withInput: '2', withOutput: '2' },
    ...{ inputTokens: '10', outputTokens: '20', cacheReadTokens: '30', cacheWriteTokens: '40' },
  };

  test('is read by its names', () => {
    expect(logRow(full)).toEqual({
      ...{ arn: 'a', modelId: 'm', calls: 3, failed: 1, withInput: 2, withOutput: 2 },
      tokens: { input: 10, output: 20, cacheRead: 30, cacheWrite: 40 },
    });
  });

  test('numbers as Logs Insights may write them', () => {
    expect(logRow({ ...full, inputTokens: '10.0', outputTokens: '2.0E1' })?.tokens).toMatchObject({
      input: 10,
      output: 20,
    });
  });

  test('what no record has is left out or empty, and counts nothing', () => {
    expect(logRow({ calls: '3', cacheReadTokens: '' })).toMatchObject({
      ...{ arn: '', modelId: '', calls: 3, withInput: 0 },
      tokens: { input: 0, cacheRead: 0 },
    });
  });

  test.each([
    ['a count that is none', { calls: 'many' }],
    ['no count of calls', { calls: undefined }],
    ['no call', { calls: '0' }],
    ['below zero', { inputTokens: '-1' }],
    ['a part of a token', { outputTokens: '0.5' }],
    ['beyond what a number holds', { inputTokens: '9007199254740992' }],
  ])('is none: %s', (_what, over) => {
    expect(logRow({ ...full, ...over })).toBeUndefined();
  });
});

describe('a log that says nothing of a day, each with what to do', () => {
  const row = (over: Partial<LogRow> = {}): LogRow => ({
    ...{ arn: 'a', modelId: 'm', calls: 2, failed: 0, withInput: 2, withOutput: 2 },
    tokens: { input: 1, output: 1, cacheRead: 0, cacheWrite: 0 },
    ...over,
  });
  const known = (rows: readonly LogRow[], recordsMatched: number, recordsScanned: number): LogAnswer => ({
    ...{ kind: 'known', rows, recordsMatched, recordsScanned, bytesScanned: 1 },
  });

  test.each<[string, LogAnswer, RegExp | undefined]>([
    ['missing', { kind: 'missing' }, /no log group bedrock .*spenders\.invocationLogs\.logGroup/],
    ['slow', { kind: 'slow', seconds: 12 }, /12 seconds.*stopped/],
    ['refused', { kind: 'unavailable', why: 'no' }, /^no$/],
    ['empty', known([], 0, 0), /nothing was logged.*off or writes elsewhere/],
    ['of another format', known([], 0, 7), /none of the 7 records.*spenders\.invocationLogs\.logGroup/],
    ['records and no row', known([], 7, 7), /found 7 records/],
    ['without token counts', known([row({ withInput: 0, withOutput: 0 })], 2, 2), /no token counts.*delivery of text/],
    ['all failed', known([row({ withInput: 0, withOutput: 0, failed: 2 })], 2, 2), undefined],
    [
      'all but one failed, and that without counts',
      known([row({ withInput: 0, withOutput: 0, failed: 1 })], 2, 2),
      /no token counts/,
    ],
    ['one count of many', known([row({ withInput: 0, withOutput: 0 }), row({ withInput: 1 })], 4, 4), undefined],
    ['as it should be', known([row()], 2, 2), undefined],
  ])('%s', (_what, answer, why) => {
    const fault = logFault(answer, 'bedrock');
    if (why === undefined) expect(fault).toBeUndefined();
    else expect(fault).toMatch(why);
  });
});

describe('which days', () => {
  test.each([
    ['an hour into a day', '2026-11-23T01:00:00Z', '2026-11-19', '2026-11-22', '2026-11'],
    [
      'a millisecond before: yesterday’s records may still come',
      '2026-11-23T00:59:59.999Z',
      '2026-11-18',
      '2026-11-21',
      '2026-11',
    ],
    [
      'on the first of a month the last of the one before',
      '2026-12-01T08:00:00Z',
      '2026-11-27',
      '2026-11-30',
      '2026-11',
    ],
    ['on the second', '2026-12-02T01:00:00Z', '2026-11-28', '2026-12-01', '2026-12'],
  ])('%s', (_what, now, from, to, month) => {
    const days = daysAsked(Date.parse(now));
    expect([days.length, days[0], days.at(-1), monthReported(Date.parse(now))]).toEqual([4, from, to, month]);
  });

  test('of a month the whole days so far; those that were not read are missing, with why', () => {
    const read = spendersOfMonth({
      month: '2026-11' as UtcMonth,
      now: Date.parse('2026-11-04T08:00:00Z'),
      log: {
        logGroup: 'bedrock',
        otherRegions: [],
        stored: {
          kind: 'known',
          value: [
            {
              day: '2026-11-02' as UtcDay,
              logGroup: 'bedrock',
              readAt: 1,
              bytesScanned: 5,
              usage: [],
              unknown: [],
              apart: [],
            },
          ],
        },
        failed: new Map([['2026-11-03' as UtcDay, 'slow']]),
      },
    });
    expect(read.callers).toMatchObject({
      value: {
        days: ['2026-11-02'],
        missing: [
          { day: '2026-11-01', why: expect.stringMatching(/not read/) },
          { day: '2026-11-03', why: 'slow' },
        ],
        bytesScanned: 5,
      },
    });
  });

  test('a month that is over ends with its last day', () => {
    const log = { logGroup: 'l', otherRegions: [], stored: { kind: 'known', value: [] }, failed: new Map() } as const;
    const read = spendersOfMonth({ month: '2026-02' as UtcMonth, now: Date.parse('2026-11-04T08:00:00Z'), log });
    expect(read.callers?.kind === 'known' && read.callers.value.missing.map(({ day }) => day).at(-1)).toBe(
      '2026-02-28',
    );
  });
});
