import { BedrockClient, ListInferenceProfilesCommand, ListTagsForResourceCommand } from '@aws-sdk/client-bedrock';
import { mockClient } from 'aws-sdk-client-mock';
import { temporaryProfiles } from '../../../../lambda/adapters/bedrock/temporary-profiles';
import { VERIFY_TAG } from '../../../../core/tags';

const client = mockClient(BedrockClient);
beforeEach(() => client.reset());

const gone = Object.assign(new Error('gone'), {
  name: 'ResourceNotFoundException',
  $metadata: { httpStatusCode: 404 },
});
const summary = (name: string) => ({
  inferenceProfileName: name,
  inferenceProfileArn: `arn:${name}`,
  inferenceProfileId: name,
  models: [],
  status: 'ACTIVE' as const,
  type: 'APPLICATION' as const,
});

test('application profiles of the prefix, over all pages; of others no tag is asked for', async () => {
  client
    .on(ListInferenceProfilesCommand, { typeEquals: 'APPLICATION', nextToken: undefined })
    .resolves({
      inferenceProfileSummaries: [summary('spend-guard-dev'), summary('spend-guard-verify-a')],
      nextToken: 'n',
    })
    .on(ListInferenceProfilesCommand, { nextToken: 'n' })
    .resolves({ inferenceProfileSummaries: [summary('spend-guard-verify-gone')] })
    .on(ListTagsForResourceCommand, { resourceARN: 'arn:spend-guard-verify-a' })
    .resolves({ tags: [{ key: VERIFY_TAG, value: 'run' }] })
    .on(ListTagsForResourceCommand, { resourceARN: 'arn:spend-guard-verify-gone' })
    .rejects(gone);
  expect(await temporaryProfiles().list('us-east-1', 'spend-guard-verify-')).toEqual([
    { name: 'spend-guard-verify-a', arn: 'arn:spend-guard-verify-a', runId: 'run' },
    { name: 'spend-guard-verify-gone', arn: 'arn:spend-guard-verify-gone' },
  ]);
  expect(client.commandCalls(ListTagsForResourceCommand)).toHaveLength(2);
});
