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
  INVOCATION_QUERY,
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
  readonly pause?: (ms: number) => Promise<unknown>;
}

/** Bedrock's invocation log by Logs Insights, in the function's own Region: a query a call, charged by the bytes that it scans. */
export function invocationLog({
  client = new CloudWatchLogsClient({ maxAttempts: 2 }),
  answerMs = ANSWER_MS,
  pause = (ms) => sleep(ms),
}: InvocationLogSettings = {}): InvocationLogPort {
  return {
    async usage(logGroup, day) {
      const elapsed = stopwatch();
      const left = () => Math.max(1, answerMs - elapsed());
      const queryId = await started(client, logGroup, day, left());
      if (queryId === undefined) return { kind: 'missing' };
      let isOver = false;
      try {
        for (let look = FIRST_LOOK_MS; elapsed() + look < answerMs; look = LOOK_MS) {
          await pause(look);
          const page = await results(client, queryId, left());
          if (page.status === 'Scheduled' || page.status === 'Running') continue;
          isOver = true;
          if (page.status === 'Complete') return await complete(client, queryId, page, left);
          return { kind: 'unavailable', why: `Logs Insights answers ${page.status ?? 'no status'} for its query` };
        }
        return { kind: 'slow', seconds: Math.round(answerMs / 1000) };
      } catch (error) {
        if (error instanceof ServiceError && error.refusal === 'timedOut') {
          return { kind: 'slow', seconds: Math.round(answerMs / 1000) };
        }
        throw error;
      } finally {
        // It would be charged for what it goes on to scan.
        if (!isOver) await stop(client, queryId);
      }
    },
  };
}

/** @returns undefined where there is no such log group */
async function started(
  client: CloudWatchLogsClient,
  logGroupName: string,
  day: UtcDay,
  ms: number,
): Promise<string | undefined> {
  // Both ends are included, in whole seconds: the next day's first second is not this one's.
  const [from, to] = [dayStart(day) / 1000, (dayStart(day) + DAY_MS) / 1000 - 1];
  const command = new StartQueryCommand({
    logGroupName,
    startTime: from,
    endTime: to,
    queryString: INVOCATION_QUERY,
    limit: MOST_ROWS,
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

function results(
  client: CloudWatchLogsClient,
  queryId: string,
  ms: number,
  nextToken?: string,
): Promise<GetQueryResultsResponse> {
  const command = new GetQueryResultsCommand({ queryId, maxItems: PAGE, ...(nextToken && { nextToken }) });
  return calling(() => client.send(command, { abortSignal: timeout(ms) }));
}

/** Page by page, so that only the rows are kept. */
async function complete(
  client: CloudWatchLogsClient,
  queryId: string,
  first: GetQueryResultsResponse,
  left: () => number,
): Promise<LogAnswer> {
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
    page = await results(client, queryId, left(), nextToken);
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
