import { setTimeout as sleep } from 'node:timers/promises';
import {
  CloudWatchLogsClient,
  GetQueryResultsCommand,
  ResourceNotFoundException,
  StartQueryCommand,
  StopQueryCommand,
  type GetQueryResultsResponse,
  type ResultField,
} from '@aws-sdk/client-cloudwatch-logs';
import { DAY_MS, dayStart, type UtcDay } from '../../../core/calendar';
import { GuardError, ServiceError } from '../../../core/errors';
import {
  invocationQuery,
  type InvocationLogPort,
  type LogAnswer,
  type LogRow,
  logRow,
  MOST_ROWS,
} from '../../../core/spenders';
import { stopwatch, timeout } from '../pace';
import { calling, serviceError } from '../service-error';

/** Well within cost-check's 50 s, and beside its other questions: the report does not wait for who spent it. */
const ANSWER_MS = 12_000;
const STOP_MS = 2_000;
const FIRST_LOOK_MS = 250;
const LOOK_MS = 1_000;
/** A page of results. */
const PAGE = 10_000;

export interface InvocationLogSettings {
  readonly client?: CloudWatchLogsClient;
  readonly answerMs?: number;
  /** At most 10,000, the API's own limit. */
  readonly pageSize?: number;
  readonly mostRows?: number;
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** Bedrock's invocation log by Logs Insights, in the function's own Region: a query a call, charged by the bytes that it scans. */
export function invocationLog({
  client = new CloudWatchLogsClient({ maxAttempts: 2 }),
  answerMs = ANSWER_MS,
  pageSize = PAGE,
  mostRows = MOST_ROWS,
  pause = (ms) => sleep(ms),
}: InvocationLogSettings = {}): InvocationLogPort {
  return {
    async usage(logGroup, day) {
      const elapsed = stopwatch();
      const left = () => Math.max(1, answerMs - elapsed());
      const slow = { kind: 'slow', seconds: Math.round(answerMs / 1000) } as const;
      const queryId = await started(client, logGroup, day, mostRows, left());
      if (queryId === undefined) return { kind: 'missing' };
      const page: ReadPage = (nextToken) => {
        const command = new GetQueryResultsCommand({ queryId, maxItems: pageSize, ...(nextToken && { nextToken }) });
        return calling(() => client.send(command, { abortSignal: timeout(left()) }));
      };
      let isOver = false;
      try {
        for (let look = FIRST_LOOK_MS; elapsed() + look < answerMs; look = LOOK_MS) {
          await pause(look);
          const first = await page();
          if (first.status === 'Scheduled' || first.status === 'Running') continue;
          isOver = true;
          if (first.status === 'Complete') return await complete(first, page);
          return { kind: 'unavailable', why: `Logs Insights answers ${first.status ?? 'no status'} for its query` };
        }
        return slow;
      } catch (error) {
        if (error instanceof ServiceError && error.refusal === 'timedOut') return slow;
        throw error;
      } finally {
        // It would be charged for what it goes on to scan.
        if (!isOver) await stop(client, queryId);
      }
    },
  };
}

type ReadPage = (nextToken?: string) => Promise<GetQueryResultsResponse>;

/** @returns undefined where there is no such log group */
async function started(
  client: CloudWatchLogsClient,
  logGroupName: string,
  day: UtcDay,
  limit: number,
  ms: number,
): Promise<string | undefined> {
  const command = new StartQueryCommand({
    logGroupName,
    startTime: dayStart(day) / 1000,
    // Included: the query itself leaves the next day out.
    endTime: (dayStart(day) + DAY_MS) / 1000,
    queryString: invocationQuery(day),
    limit,
  });
  try {
    const { queryId } = await client.send(command, { abortSignal: timeout(ms) });
    if (queryId === undefined) throw new GuardError('ANSWER_INVALID', 'Logs Insights started a query without an id');
    return queryId;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    if (error instanceof GuardError) throw error;
    throw serviceError(error);
  }
}

/** Page by page, so that only the rows are kept. */
async function complete(first: GetQueryResultsResponse, read: ReadPage): Promise<LogAnswer> {
  const { recordsMatched, recordsScanned, bytesScanned } = first.statistics ?? {};
  if (recordsMatched === undefined || recordsScanned === undefined || bytesScanned === undefined) {
    throw new GuardError('ANSWER_INVALID', 'Logs Insights did not say how many records its answer is of');
  }
  const rows: LogRow[] = [];
  const seen = new Set<string>();
  for (let page = first; ;) {
    for (const fields of page.results ?? []) rows.push(rowOf(fields));
    const { nextToken } = page;
    if (!nextToken) return { kind: 'known', rows, recordsMatched, recordsScanned, bytesScanned };
    if (seen.has(nextToken)) {
      throw new GuardError('PAGE_TOKEN_REPEATED', 'Logs Insights gave the same page twice; ask again later');
    }
    seen.add(nextToken);
    page = await read(nextToken);
  }
}

function rowOf(fields: readonly ResultField[]): LogRow {
  const row = logRow(Object.fromEntries(fields.map(({ field = '', value }) => [field, value])));
  if (row === undefined) throw new GuardError('ANSWER_INVALID', 'Logs Insights answers a count that is not one');
  return row;
}

/** What cannot be stopped ends by itself after an hour; it changes nothing about the answer. */
async function stop(client: CloudWatchLogsClient, queryId: string): Promise<void> {
  try {
    await client.send(new StopQueryCommand({ queryId }), { abortSignal: timeout(STOP_MS) });
  } catch {
    return;
  }
}
