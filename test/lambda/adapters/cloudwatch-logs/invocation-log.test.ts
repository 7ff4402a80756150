import {
  CloudWatchLogsClient,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  StartQueryCommand,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { mockClient } from 'aws-sdk-client-mock';
import type { UtcDay } from '../../../../core/calendar';
import { invocationLog } from '../../../../lambda/adapters/cloudwatch-logs';
import { refusal } from '../../../helpers/sdk-refusal';

const DAY = '2026-11-22' as UtcDay;
const statistics = { recordsMatched: 3, recordsScanned: 4, bytesScanned: 500 };
const row = (arn: string, calls = '1') => [
  { field: 'arn', value: arn },
  { field: 'model', value: 'lite' },
  { field: 'calls', value: calls },
];
const answer = (over: Partial<GetQueryResultsCommandOutput>) => ({ $metadata: {}, statistics, results: [], ...over });

describe('the invocation log by Logs Insights', () => {
  const logs = mockClient(CloudWatchLogsClient);
  const pauses: number[] = [];
  /** Each look takes no time: `answerMs` is what the looks may take together. */
  const port = (answerMs = 60_000) =>
    invocationLog({ client: new CloudWatchLogsClient({}), answerMs, pause: async (ms) => pauses.push(ms) });

  beforeEach(() => {
    logs.reset();
    pauses.length = 0;
    logs.on(StartQueryCommand).resolves({ queryId: 'q' });
    logs.on(StopQueryCommand).resolves({ success: true });
  });

  test('asks for one day of one log group, and for 30,000 rows at most', async () => {
    logs.on(GetQueryResultsCommand).resolves(answer({ status: 'Complete' }));
    await port().usage('/bedrock', DAY);
    expect(logs.commandCalls(StartQueryCommand).map(({ args: [{ input }] }) => input)).toEqual([
      {
        logGroupName: '/bedrock',
        startTime: Date.parse('2026-11-22T00:00:00Z') / 1000,
        endTime: Date.parse('2026-11-23T00:00:00Z') / 1000,
        queryString: expect.stringContaining(`toMillis(@timestamp) < ${Date.parse('2026-11-23T00:00:00Z')}`),
        limit: 30_000,
      },
    ]);
  });

  test('what has come while it runs is no answer: it looks again until it is complete', async () => {
    logs
      .on(GetQueryResultsCommand)
      .resolvesOnce(answer({ status: 'Scheduled' }))
      .resolvesOnce(answer({ status: 'Running', results: [row('half')] }))
      .resolves(answer({ status: 'Complete', results: [row('alice', '3')] }));
    expect(await port().usage('g', DAY)).toMatchObject({
      kind: 'known',
      ...statistics,
      rows: [{ arn: 'alice', calls: 3 }],
    });
    expect(pauses).toEqual([250, 1000, 1000]);
    expect(logs.commandCalls(StopQueryCommand)).toEqual([]);
  });

  test('rows of all pages', async () => {
    logs
      .on(GetQueryResultsCommand, { nextToken: undefined })
      .resolves(answer({ status: 'Complete', results: [row('a')], nextToken: 'n' }))
      .on(GetQueryResultsCommand, { nextToken: 'n' })
      .resolves(answer({ status: 'Complete', results: [row('b')] }));
    expect(await port().usage('g', DAY)).toMatchObject({ rows: [{ arn: 'a' }, { arn: 'b' }] });
  });

  test('the same page for ever is an answer that cannot be trusted', async () => {
    logs.on(GetQueryResultsCommand).resolves(answer({ status: 'Complete', nextToken: 'n' }));
    await expect(port().usage('g', DAY)).rejects.toMatchObject({ code: 'PAGE_TOKEN_REPEATED' });
  });

  test.each(['Failed', 'Cancelled', 'Timeout', 'Unknown'] as const)(
    '%s is unknown, and no empty day',
    async (status) => {
      logs.on(GetQueryResultsCommand).resolves(answer({ status }));
      expect(await port().usage('g', DAY)).toEqual({ kind: 'unavailable', why: expect.stringContaining(status) });
    },
  );

  test('one that does not end in time is slow, and is stopped: it would be charged for what it goes on to scan', async () => {
    logs.on(GetQueryResultsCommand).resolves(answer({ status: 'Running' }));
    const slow = invocationLog({ client: new CloudWatchLogsClient({}), answerMs: 1_100 });
    expect(await slow.usage('g', DAY)).toEqual({ kind: 'slow', seconds: 1 });
    expect(logs.commandCalls(StopQueryCommand).map(({ args: [{ input }] }) => input)).toEqual([{ queryId: 'q' }]);
  });

  test('a look that hangs is slow too, and what cannot be stopped changes nothing', async () => {
    logs.on(GetQueryResultsCommand).rejects(Object.assign(new Error('aborted'), { name: 'AbortError' }));
    logs.on(StopQueryCommand).rejects(refusal('InvalidParameterException', 400));
    expect(await port().usage('g', DAY)).toMatchObject({ kind: 'slow' });
  });

  test('a refusal while it runs is one, and the query is stopped', async () => {
    logs.on(GetQueryResultsCommand).rejects(refusal('AccessDeniedException', 400));
    await expect(port().usage('g', DAY)).rejects.toMatchObject({ refusal: 'accessDenied' });
    expect(logs.commandCalls(StopQueryCommand)).toHaveLength(1);
  });

  test.each(['AccessDeniedException', 'LimitExceededException', 'MalformedQueryException'])(
    'a query that is refused is no empty day: %s',
    async (name) => {
      logs.on(StartQueryCommand).rejects(refusal(name, 400));
      await expect(port().usage('g', DAY)).rejects.toMatchObject({ errorName: name });
    },
  );

  test.each<[string, Partial<GetQueryResultsCommandOutput>]>([
    ['without statistics', { statistics: undefined }],
    ['without the records that it is of', { statistics: { ...statistics, recordsMatched: undefined } }],
    ['with a count that is none', { results: [row('a', 'many')] }],
  ])('an answer %s cannot be trusted', async (_what, over) => {
    logs.on(GetQueryResultsCommand).resolves(answer({ status: 'Complete', ...over }));
    await expect(port().usage('g', DAY)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
  });
});
