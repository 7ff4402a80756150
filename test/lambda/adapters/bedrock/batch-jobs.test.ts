import {
  BedrockClient,
  ConflictException,
  ListModelInvocationJobsCommand,
  ListTagsForResourceCommand,
  ModelInvocationJobStatus,
  ResourceNotFoundException,
  StopModelInvocationJobCommand,
} from '@aws-sdk/client-bedrock';
import { mockClient } from 'aws-sdk-client-mock';
import { ENVIRONMENT_TAG } from '../../../../core/tags';
import { batchJobs } from '../../../../lambda/adapters/bedrock/batch-jobs';

const client = mockClient(BedrockClient);
beforeEach(() => client.reset());

const REGION = 'us-east-1';
const arn = (name: string) => `arn:aws:bedrock:${REGION}:111122223333:model-invocation-job/${name}`;
const job = (name: string) => ({ arn: arn(name), name, modelId: 'amazon.nova-lite-v1:0', roleArn: 'arn:role' });
const summary = (name: string): never => {
  const { modelId, roleArn } = job(name);
  return { jobArn: arn(name), jobName: name, modelId, roleArn } as never;
};
const refusal = (name: string, httpStatusCode: number) =>
  Object.assign(new Error('x'), { name, $metadata: { httpStatusCode } });

test('trap 29: every status in which a job still costs, over all pages, each job once', async () => {
  client
    .on(ListModelInvocationJobsCommand)
    .resolves({})
    .on(ListModelInvocationJobsCommand, { statusEquals: 'Submitted' })
    .resolves({ invocationJobSummaries: [summary('a')] })
    .on(ListModelInvocationJobsCommand, { statusEquals: 'Scheduled', nextToken: undefined })
    .resolves({ invocationJobSummaries: [summary('b')], nextToken: 'two' })
    .on(ListModelInvocationJobsCommand, { statusEquals: 'Scheduled', nextToken: 'two' })
    .resolves({ invocationJobSummaries: [summary('c')] })
    .on(ListModelInvocationJobsCommand, { statusEquals: 'InProgress' })
    // It moved on while it was looked for.
    .resolves({ invocationJobSummaries: [summary('a'), summary('d')] });
  expect(await batchJobs().running(REGION)).toEqual(['a', 'b', 'c', 'd'].map(job));
});

test('statuses are asked for in the order of a job’s life, so that none slips through', async () => {
  let life = 0;
  const states = ['Submitted', 'Validating', 'Scheduled', 'InProgress'];
  // A job that moves on just before every question but the last.
  client.on(ListModelInvocationJobsCommand).callsFake(async ({ statusEquals }) => {
    life = Math.min(life + 1, states.length - 1);
    return { invocationJobSummaries: states[life] === statusEquals ? [summary('quick')] : [] };
  });
  expect(await batchJobs().running(REGION)).toEqual([job('quick')]);
});

test('every status of the SDK is either one in which a job runs, or one in which it has ended or ends', async () => {
  client.on(ListModelInvocationJobsCommand).resolves({});
  await batchJobs().running(REGION);
  const asked = client.commandCalls(ListModelInvocationJobsCommand).map(({ args }) => args[0].input.statusEquals);
  const over = ['Completed', 'Expired', 'Failed', 'PartiallyCompleted', 'Stopped', 'Stopping'];
  expect([...asked, ...over].sort()).toEqual(Object.values(ModelInvocationJobStatus).sort());
});

test('a refusal of one status is a refusal of all, and a job without an ARN too', async () => {
  client
    .on(ListModelInvocationJobsCommand)
    .resolves({})
    .on(ListModelInvocationJobsCommand, { statusEquals: 'InProgress' })
    .rejectsOnce(refusal('ThrottlingException', 429))
    .resolves({ invocationJobSummaries: [{ ...(summary('a') as object), jobArn: undefined } as never] });
  await expect(batchJobs().running(REGION)).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
  await expect(batchJobs().running(REGION)).rejects.toMatchObject({ name: 'ServiceError' });
});

test('stops by ARN', async () => {
  client.on(StopModelInvocationJobCommand, { jobIdentifier: arn('a') }).resolves({});
  expect(await batchJobs().stop(REGION, job('a'))).toBe('stopping');
});

test.each([
  ['has ended', new ConflictException({ message: 'm', $metadata: { httpStatusCode: 400 } })],
  ['is not found', new ResourceNotFoundException({ message: 'm', $metadata: { httpStatusCode: 404 } })],
])('a job that %s is gone', async (_what, error) => {
  client.on(StopModelInvocationJobCommand).rejects(error);
  expect(await batchJobs().stop(REGION, job('a'))).toBe('gone');
});

test.each([
  ['AccessDeniedException', 403, 'accessDenied'],
  ['ThrottlingException', 429, 'throttled'],
  ['ValidationException', 400, 'invalid'],
  ['InternalServerException', 500, 'unavailable'],
])('%s is no reason to believe that it has ended', async (name, status, expected) => {
  client.on(StopModelInvocationJobCommand).rejects(refusal(name, status));
  await expect(batchJobs().stop(REGION, job('a'))).rejects.toMatchObject({ name: 'ServiceError', refusal: expected });
});

test('whose it is says its environment tag', async () => {
  client
    .on(ListTagsForResourceCommand, { resourceARN: arn('a') })
    .resolves({ tags: [{ key: ENVIRONMENT_TAG, value: 'dev' }] })
    .on(ListTagsForResourceCommand, { resourceARN: arn('b') })
    .resolves({});
  expect(await batchJobs().environmentOf(job('a'))).toBe('dev');
  expect(await batchJobs().environmentOf(job('b'))).toBeUndefined();
});
