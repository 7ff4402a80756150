import type { UtcDay } from '../../../core/calendar';
import type { InvocationLogPort, LogAnswer } from '../../../core/spenders';
import { contract } from './contract';

export interface InvocationLogSubject {
  /** Gives up soon, in pages of two rows. */
  readonly port: InvocationLogPort;
  /** Of an answer at most three rows. */
  readonly short: InvocationLogPort;
  /** A log group with these events, each written at its `timestamp`; what is no JSON is written as it stands. */
  readonly write: (
    ...events: readonly (object | { readonly timestamp: string; readonly text: string })[]
  ) => Promise<string>;
  /** Every later query runs on. */
  readonly runOn: () => Promise<void>;
  readonly refuse: (how: 'accessDenied' | 'throttled') => Promise<void>;
}

const DAY = '2026-11-22' as UtcDay;
const at = (time: string, day: string = DAY) => `${day}T${time}Z`;

function record(over: Readonly<Record<string, unknown>> = {}) {
  return {
    schemaType: 'ModelInvocationLog',
    timestamp: at('12:00:00'),
    identity: { arn: 'alice' },
    modelId: 'lite',
    input: {
      inputBodyJson: { text: 'hello' },
      inputTokenCount: 10,
      cacheReadInputTokenCount: 3,
      cacheWriteInputTokenCount: 2,
    },
    output: { outputBodyJson: { text: 'hi' }, outputTokenCount: 5 },
    ...over,
  };
}

/** Rows as `caller model calls failed withInput withOutput input/output/cacheRead/cacheWrite`, sorted. */
function rowsOf(answer: LogAnswer): readonly string[] {
  if (answer.kind !== 'known') throw new Error(JSON.stringify(answer));
  return answer.rows
    .map(({ arn, modelId, calls, failed, withInput, withOutput, tokens: { input, output, cacheRead, cacheWrite } }) =>
      [arn, modelId, calls, failed, withInput, withOutput, [input, output, cacheRead, cacheWrite].join('/')].join(' '),
    )
    .toSorted();
}

const fields = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`field${index}`, 'x']));

export const invocationLogContract = contract<InvocationLogSubject>('invocation-log', [
  {
    name: 'a day’s records, added up by caller and model, the longest answers first',
    async run({ port, write }) {
      const group = await write(
        record(),
        record(),
        record({ modelId: 'pro', output: { outputTokenCount: 50 } }),
        record({ identity: { arn: 'bob' }, output: { outputTokenCount: 20 } }),
      );
      const answer = await port.usage(group, DAY);
      expect(rowsOf(answer)).toEqual([
        'alice lite 2 0 2 2 20/10/6/4',
        'alice pro 1 0 1 1 10/50/3/2',
        'bob lite 1 0 1 1 10/20/3/2',
      ]);
      expect(answer).toMatchObject({ recordsMatched: 4, recordsScanned: 4 });
      expect(answer).toMatchObject({ rows: [{ modelId: 'pro' }, { arn: 'bob' }, { calls: 2 }] });
      expect(answer.kind === 'known' && answer.bytesScanned).toBeGreaterThan(100);
    },
  },
  {
    name: 'a day has its first and its last millisecond, and none of the next',
    async run({ port, write }) {
      const times = [
        at('23:59:59.999', '2026-11-21'),
        at('00:00:00.000'),
        at('23:59:59.999'),
        at('00:00:00.000', '2026-11-23'),
      ];
      const group = await write(
        ...times.map((timestamp, index) => record({ timestamp, identity: { arn: `at-${index}` } })),
      );
      expect(rowsOf(await port.usage(group, DAY)).map((row) => row.slice(0, 4))).toEqual(['at-1', 'at-2']);
    },
  },
  {
    name: 'what failed, what nobody counted, and what names no caller can be told apart',
    async run({ port, write }) {
      const group = await write(
        record({ errorCode: 'ThrottlingException', input: {}, output: undefined }),
        record({ input: { inputBodyJson: {} }, output: {} }),
        record({ output: { outputBodyJson: {} } }),
        record({ identity: undefined }),
      );
      expect(rowsOf(await port.usage(group, DAY))).toEqual([' lite 1 0 1 1 10/5/3/2', 'alice lite 3 1 1 0 10/0/3/2']);
    },
  },
  {
    name: 'counts behind more than 200 fields are not found, and are not 0 in silence',
    async run({ port, write }) {
      const group = await write(
        record({ input: { inputBodyJson: fields(250), inputTokenCount: 10 }, output: { outputTokenCount: 5 } }),
      );
      expect(rowsOf(await port.usage(group, DAY))).toEqual(['alice lite 1 0 0 0 0/0/0/0']);
    },
  },
  {
    name: 'what is no record of an invocation is scanned, and in no row',
    async run({ port, write }) {
      const group = await write(
        { timestamp: at('01:00:00'), text: 'hello' },
        { timestamp: at('02:00:00'), level: 'info' },
      );
      expect(await port.usage(group, DAY)).toMatchObject({
        kind: 'known',
        rows: [],
        recordsMatched: 0,
        recordsScanned: 2,
      });
    },
  },
  {
    name: 'an empty log is known, and no record was scanned',
    async run({ port, write }) {
      const group = await write();
      const none = { rows: [], recordsMatched: 0, recordsScanned: 0, bytesScanned: 0 };
      expect(await port.usage(group, DAY)).toEqual({ kind: 'known', ...none });
    },
  },
  {
    name: 'a log group that is not there is missing',
    async run({ port }) {
      expect(await port.usage('no/such/group', DAY)).toEqual({ kind: 'missing' });
    },
  },
  {
    name: 'of more rows than an answer holds the largest come, and how many records there are is known all the same',
    async run({ short, write }) {
      const group = await write(
        ...[1, 2, 3, 4, 5].map((tokens) =>
          record({ identity: { arn: `u${tokens}` }, output: { outputTokenCount: tokens } }),
        ),
      );
      const answer = await short.usage(group, DAY);
      expect(answer).toMatchObject({ recordsMatched: 5, rows: [{ arn: 'u5' }, { arn: 'u4' }, { arn: 'u3' }] });
    },
  },
  {
    name: 'all pages of rows come',
    async run({ port, write }) {
      const group = await write(...[1, 2, 3, 4, 5].map((one) => record({ identity: { arn: `u${one}` } })));
      expect(rowsOf(await port.usage(group, DAY))).toHaveLength(5);
    },
  },
  {
    name: 'a query that does not end is slow, and nothing else',
    async run({ port, write, runOn }) {
      const group = await write(record());
      await runOn();
      expect(await port.usage(group, DAY)).toMatchObject({ kind: 'slow' });
    },
  },
  ...(['accessDenied', 'throttled'] as const).map((how) => ({
    name: `${how} is a refusal, and no empty day`,
    async run({ port, write, refuse }: InvocationLogSubject) {
      const group = await write(record());
      await refuse(how);
      await expect(port.usage(group, DAY)).rejects.toMatchObject({ refusal: how });
    },
  })),
]);
