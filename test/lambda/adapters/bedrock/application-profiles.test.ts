import { BedrockClient, ListInferenceProfilesCommand, ListTagsForResourceCommand } from '@aws-sdk/client-bedrock';
import { mockClient } from 'aws-sdk-client-mock';
import { ENVIRONMENT_TAG } from '../../../../core/tags';
import { applicationProfiles } from '../../../../lambda/adapters/bedrock/application-profiles';

const client = mockClient(BedrockClient);
beforeEach(() => client.reset());

const arn = (id: string, region = 'us-east-1') =>
  `arn:aws:bedrock:${region}:111122223333:application-inference-profile/${id}`;
const model = (id: string, region = 'us-east-1') => ({ modelArn: `arn:aws:bedrock:${region}::foundation-model/${id}` });
const refusal = (name: string, httpStatusCode: number) =>
  Object.assign(new Error('x'), { name, $metadata: { httpStatusCode } });

function profile(inferenceProfileArn: string, ...models: { modelArn: string }[]): never {
  return { inferenceProfileArn, models, type: 'APPLICATION', status: 'ACTIVE' } as never;
}

test('trap 39: application profiles over all pages, by the opaque end of the ARN, with the models behind them', async () => {
  client
    .on(ListInferenceProfilesCommand, { typeEquals: 'APPLICATION', nextToken: undefined })
    .resolves({
      inferenceProfileSummaries: [profile(arn('abc123'), model('amazon.nova-lite-v1:0'))],
      nextToken: 'two',
    })
    .on(ListInferenceProfilesCommand, { typeEquals: 'APPLICATION', nextToken: 'two' })
    .resolves({
      inferenceProfileSummaries: [
        profile(arn('spread'), model('meta.llama3-1-70b-instruct-v1:0'), {
          modelArn: 'arn:aws:bedrock:::foundation-model/meta.llama3-1-70b-instruct-v1:0',
        }),
        profile(arn('custom'), { modelArn: 'arn:aws:bedrock:us-east-1:111122223333:custom-model/x' }),
      ],
    });
  expect(await applicationProfiles().list('us-east-1')).toEqual([
    { id: 'abc123', arn: arn('abc123'), modelIds: ['amazon.nova-lite-v1:0'] },
    { id: 'spread', arn: arn('spread'), modelIds: ['meta.llama3-1-70b-instruct-v1:0'] },
    { id: 'custom', arn: arn('custom'), modelIds: [] },
  ]);
});

test.each([
  ['AccessDeniedException', 403, 'accessDenied'],
  ['ThrottlingException', 429, 'throttled'],
])('%s on a later page is a ServiceError: half a list would make neighbours strangers', async (name, status, kind) => {
  client
    .on(ListInferenceProfilesCommand)
    .resolvesOnce({ inferenceProfileSummaries: [profile(arn('a'))], nextToken: 'two' })
    .rejects(refusal(name, status));
  await expect(applicationProfiles().list('us-east-1')).rejects.toMatchObject({ name: 'ServiceError', refusal: kind });
});

test('a profile without an ARN, and the same page for ever, are the service’s fault', async () => {
  client.on(ListInferenceProfilesCommand).resolvesOnce({ inferenceProfileSummaries: [{ models: [] } as never] });
  await expect(applicationProfiles().list('us-east-1')).rejects.toMatchObject({ name: 'ServiceError' });
  client.on(ListInferenceProfilesCommand).resolves({ nextToken: 'again' });
  await expect(applicationProfiles().list('us-east-1')).rejects.toMatchObject({ name: 'ServiceError' });
});

test('the environment is that of its own tag, undefined without one, asked for in the profile’s Region', async () => {
  const made: string[] = [];
  const port = applicationProfiles((region) => {
    made.push(region);
    return new BedrockClient({ region });
  });
  client
    .on(ListTagsForResourceCommand, { resourceARN: arn('a') })
    .resolves({
      tags: [
        { key: 'team', value: 'x' },
        { key: ENVIRONMENT_TAG, value: 'staging' },
      ],
    })
    .on(ListTagsForResourceCommand, { resourceARN: arn('b', 'eu-west-1') })
    .resolves({ tags: [{ key: 'spend-guard:models', value: 'dev' }] })
    .on(ListTagsForResourceCommand, { resourceARN: arn('c') })
    .rejects(refusal('ResourceNotFoundException', 404));
  expect(await port.environmentOf(arn('a'))).toBe('staging');
  expect(await port.environmentOf(arn('b', 'eu-west-1'))).toBeUndefined();
  await expect(port.environmentOf(arn('c'))).rejects.toMatchObject({ refusal: 'notFound' });
  expect(made).toEqual(['us-east-1', 'eu-west-1']);
});

test('what is no ARN of a Region is refused before anybody is asked', async () => {
  await expect(applicationProfiles().environmentOf('abc123')).rejects.toMatchObject({ refusal: 'invalid' });
  expect(client.calls()).toHaveLength(0);
});
