import {
  BedrockClient,
  CreateInferenceProfileCommand,
  CreateModelInvocationJobCommand,
  DeleteInferenceProfileCommand,
  StopModelInvocationJobCommand,
  TagResourceCommand,
} from '@aws-sdk/client-bedrock';
import { ENVIRONMENT_TAG } from '../../../core/tags';
import { applicationProfiles } from '../../../lambda/adapters/bedrock/application-profiles';
import { batchJobs } from '../../../lambda/adapters/bedrock/batch-jobs';
import type { ApplicationProfilesSubject } from '../../contracts/suites/application-profiles';
import type { BatchJobsSubject } from '../../contracts/suites/batch-jobs';
import { unique } from '../emulator/support';
import type { Account } from './account';

const MODEL = 'amazon.nova-lite-v1:0';
const tagsOf = (environment: string) => [{ key: ENVIRONMENT_TAG, value: environment }];
const regionOf = (arn: string) => arn.split(':')[3]!;

/** Each case has Regions of its own, as what is in a Region is in no other. */
const regions = () => ({ region: unique('own'), otherRegion: unique('other') });

export function profiles(account: Account): ApplicationProfilesSubject {
  return {
    port: applicationProfiles((region) => account.client(BedrockClient, region)),
    ...regions(),
    async make(region, environment) {
      const { inferenceProfileArn } = await account.client(BedrockClient, region).send(
        new CreateInferenceProfileCommand({
          inferenceProfileName: unique('profile'),
          modelSource: { copyFrom: `arn:aws:bedrock:${region}::foundation-model/${MODEL}` },
          ...(environment === undefined ? {} : { tags: tagsOf(environment) }),
        }),
      );
      return inferenceProfileArn!;
    },
    async remove(arn) {
      const inferenceProfileIdentifier = arn.slice(arn.lastIndexOf('/') + 1);
      await account
        .client(BedrockClient, regionOf(arn))
        .send(new DeleteInferenceProfileCommand({ inferenceProfileIdentifier }));
    },
    throttle: () => account.refuse('throttle', 'bedrock:ListInferenceProfiles', 'bedrock:ListTagsForResource'),
  };
}

export function jobs(account: Account): BatchJobsSubject {
  return {
    port: batchJobs((region) => account.client(BedrockClient, region)),
    ...regions(),
    async submit(region, environment) {
      const job = { name: unique('job'), modelId: MODEL, roleArn: 'arn:aws:iam::123456789012:role/batch' };
      const bedrock = account.client(BedrockClient, region);
      const { jobArn } = await bedrock.send(
        new CreateModelInvocationJobCommand({
          jobName: job.name,
          modelId: job.modelId,
          roleArn: job.roleArn,
          inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://batch/in' } },
          outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://batch/out' } },
        }),
      );
      // Afterwards, as the emulator keeps no tags of the request that makes a job.
      if (environment !== undefined) {
        await bedrock.send(new TagResourceCommand({ resourceARN: jobArn, tags: tagsOf(environment) }));
      }
      return { arn: jobArn!, ...job };
    },
    async end(region, { arn }) {
      await account.client(BedrockClient, region).send(new StopModelInvocationJobCommand({ jobIdentifier: arn }));
    },
    throttle: () =>
      account.refuse(
        'throttle',
        'bedrock:ListModelInvocationJobs',
        'bedrock:ListTagsForResource',
        'bedrock:StopModelInvocationJob',
      ),
  };
}
