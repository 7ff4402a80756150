import { type CloudWatchLogsClient, type DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { logGroups } from '../../../../lambda/adapters/cloudwatch-logs/log-groups';
import { NEVER } from '../../../../simulator/fakes/never';

function answering(answer: object) {
  const sent: DescribeLogGroupsCommand[] = [];
  const client = { send: async (command: DescribeLogGroupsCommand) => (sent.push(command), answer) };
  return { port: logGroups(client as unknown as CloudWatchLogsClient), sent };
}

test('one question, for what begins with the name', async () => {
  const { port, sent } = answering({
    logGroups: [{ logGroupName: 'a', logGroupClass: 'STANDARD', retentionInDays: 3 }],
  });
  expect(await port.group('a', NEVER)).toEqual({ logClass: 'STANDARD', retentionDays: 3 });
  expect(sent.map(({ input }) => input)).toEqual([{ logGroupNamePrefix: 'a', limit: 1 }]);
});

test.each<[string, object, object | undefined]>([
  ['another one that begins so', { logGroups: [{ logGroupName: 'a-old', logGroupClass: 'STANDARD' }] }, undefined],
  ['an answer of nothing', {}, undefined],
  ['one whose class is not told', { logGroups: [{ logGroupName: 'a' }] }, {}],
])('%s', async (_what, answer, expected) => {
  expect(await answering(answer).port.group('a', NEVER)).toEqual(expected);
});
