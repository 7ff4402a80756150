import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { invocationLog } from '../../../lambda/adapters/cloudwatch-logs';
import type { InvocationLogSubject } from '../../contracts/suites/invocation-log';
import { ACCOUNT, REGION } from '../../../local/emulator';
import { session, unique } from '../emulator/support';
import type { Account } from './account';

const STREAM = 'aws/bedrock/modelinvocations';

export async function invocations(account: Account): Promise<InvocationLogSubject> {
  const client = () => account.client(CloudWatchLogsClient);
  const groups = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:`;
  // No more than cost-check may do.
  let credentials = await session(
    account.aws,
    { Action: 'logs:StartQuery', Resource: [`${groups}/bedrock/*`, `${groups}no/such/group`] },
    { Action: 'logs:GetQueryResults', Resource: `${groups}*` },
    { Action: 'logs:StopQuery' },
  );
  const port = (mostRows?: number) => ({
    usage: (...asked: Parameters<InvocationLogSubject['port']['usage']>) =>
      invocationLog({
        client: account.client(CloudWatchLogsClient, undefined, credentials),
        ...{ answerMs: 3_000, pageSize: 2 },
        ...(mostRows === undefined ? {} : { mostRows }),
      }).usage(...asked),
  });
  return {
    port: port(),
    short: port(3),
    async write(...events) {
      const logGroupName = `/bedrock/${unique('invocations')}`;
      await client().send(new CreateLogGroupCommand({ logGroupName }));
      await client().send(new CreateLogStreamCommand({ logGroupName, logStreamName: STREAM }));
      const logEvents = events
        .map((event) => ({
          timestamp: Date.parse((event as { timestamp: string }).timestamp),
          message: 'text' in event ? event.text : JSON.stringify(event),
        }))
        .toSorted((a, b) => a.timestamp - b.timestamp);
      if (logEvents.length > 0) {
        await client().send(new PutLogEventsCommand({ logGroupName, logStreamName: STREAM, logEvents }));
      }
      return logGroupName;
    },
    runOn: () => account.aws.control.setInsights({ running: true }),
    async refuse(how) {
      if (how === 'accessDenied') credentials = await account.nobody();
      else await account.refuse('throttle', 'logs:StartQuery');
    },
  };
}
