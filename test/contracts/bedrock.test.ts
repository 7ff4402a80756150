import {
  BedrockClient,
  ConflictException,
  ListInferenceProfilesCommand,
  ListModelInvocationJobsCommand,
  ListTagsForResourceCommand,
  ResourceNotFoundException,
  StopModelInvocationJobCommand,
} from '@aws-sdk/client-bedrock';
import { mockClient } from 'aws-sdk-client-mock';
import type { ApplicationProfile, ApplicationProfilesPort } from '../../core/ports/application-profiles';
import type { BatchJob, BatchJobsPort } from '../../core/ports/batch-jobs';
import { ENVIRONMENT_TAG } from '../../core/tags';
import { applicationProfiles } from '../../lambda/adapters/application-profiles';
import { batchJobs } from '../../lambda/adapters/batch-jobs';
import { FakeApplicationProfiles } from '../../simulator/fakes/application-profiles';
import { FakeBatchJobs } from '../../simulator/fakes/batch-jobs';

interface Subject {
  readonly profiles: ApplicationProfilesPort;
  readonly jobs: BatchJobsPort;
  readonly addProfile: (profile: ApplicationProfile, environment?: string) => void;
  readonly submit: (job: BatchJob, environment?: string) => void;
  readonly end: (arn: string) => void;
}

const subjects: readonly (readonly [string, () => Subject])[] = [
  [
    'the fake',
    () => {
      const profiles = new FakeApplicationProfiles();
      const jobs = new FakeBatchJobs();
      return {
        profiles,
        jobs,
        addProfile: (profile, environment) => profiles.add(profile, environment),
        submit: (job, environment) => jobs.submit(job, environment),
        end: (arn) => jobs.end(arn),
      };
    },
  ],
  ['Bedrock', bedrock],
];

describe.each(subjects)('%s', (_name, make) => {
  test('trap 39: profiles by Region, and whose they are', async () => {
    const { profiles, addProfile } = make();
    addProfile(profile('mine'), 'dev');
    addProfile(profile('untagged'));
    addProfile(profile('far', 'eu-west-1'), 'dev');
    expect(await profiles.list('us-east-1')).toEqual([profile('mine'), profile('untagged')]);
    expect(await profiles.list('ap-south-1')).toEqual([]);
    expect(await profiles.environmentOf(profile('mine').arn)).toBe('dev');
    expect(await profiles.environmentOf(profile('untagged').arn)).toBeUndefined();
    expect(await profiles.environmentOf(profile('far', 'eu-west-1').arn)).toBe('dev');
  });

  test('a profile that is gone has no owner: that is a refusal, not a stranger', async () => {
    const gone = make().profiles.environmentOf(profile('gone').arn);
    await expect(gone).rejects.toMatchObject({ name: 'ServiceError', refusal: 'notFound' });
  });

  test('trap 29: running jobs by Region, whose they are, and their end', async () => {
    const { jobs, submit } = make();
    submit(job('mine'), 'dev');
    submit(job('untagged'));
    submit(job('far', 'eu-west-1'), 'dev');
    expect(await jobs.running('us-east-1')).toEqual([job('mine'), job('untagged')]);
    expect(await jobs.environmentOf(job('mine'))).toBe('dev');
    expect(await jobs.environmentOf(job('untagged'))).toBeUndefined();
    expect(await jobs.stop('us-east-1', job('mine'))).toBe('stopping');
    expect(await jobs.running('us-east-1')).toEqual([job('untagged')]);
    expect(await jobs.running('eu-west-1')).toEqual([job('far', 'eu-west-1')]);
  });

  test('a job that has ended, and one that never was, are gone', async () => {
    const { jobs, submit, end } = make();
    submit(job('a'), 'dev');
    end(job('a').arn);
    expect(await jobs.running('us-east-1')).toEqual([]);
    expect(await jobs.environmentOf(job('a'))).toBe('dev');
    expect(await jobs.stop('us-east-1', job('a'))).toBe('gone');
    expect(await jobs.stop('us-east-1', job('never'))).toBe('gone');
  });
});

function profile(id: string, region = 'us-east-1'): ApplicationProfile {
  const arn = `arn:aws:bedrock:${region}:111122223333:application-inference-profile/${id}`;
  return { id, arn, modelIds: ['amazon.nova-lite-v1:0'] };
}

function job(name: string, region = 'us-east-1'): BatchJob {
  const arn = `arn:aws:bedrock:${region}:111122223333:model-invocation-job/${name}`;
  return { arn, name, modelId: 'amazon.nova-lite-v1:0', roleArn: 'arn:aws:iam::111122223333:role/batch' };
}

function bedrock(): Subject {
  const all: ApplicationProfile[] = [];
  const submitted = new Map<string, { readonly job: BatchJob; status: string }>();
  const tags = new Map<string, string | undefined>();
  const metadata = { message: 'm', $metadata: { httpStatusCode: 404 } };
  const inRegion = (arn: string, region: string) => arn.split(':')[3] === region;

  const clientFor = (region: string) => {
    const client = new BedrockClient({ region });
    const mock = mockClient(client);
    mock.on(ListInferenceProfilesCommand).callsFake(async ({ typeEquals }) => ({
      inferenceProfileSummaries: all
        .filter(({ arn }) => typeEquals === 'APPLICATION' && inRegion(arn, region))
        .map(({ arn, modelIds }) => ({
          inferenceProfileArn: arn,
          models: modelIds.map((id) => ({ modelArn: `arn:aws:bedrock:${region}::foundation-model/${id}` })),
        })),
    }));
    mock.on(ListModelInvocationJobsCommand).callsFake(async ({ statusEquals }) => ({
      invocationJobSummaries: [...submitted.values()]
        .filter((one) => one.status === statusEquals && inRegion(one.job.arn, region))
        .map(({ job: { arn, name, ...rest } }) => ({ jobArn: arn, jobName: name, ...rest })),
    }));
    mock.on(ListTagsForResourceCommand).callsFake(async ({ resourceARN }) => {
      if (!tags.has(resourceARN) || !inRegion(resourceARN, region)) throw new ResourceNotFoundException(metadata);
      const value = tags.get(resourceARN);
      return { tags: value === undefined ? [] : [{ key: ENVIRONMENT_TAG, value }] };
    });
    mock.on(StopModelInvocationJobCommand).callsFake(async ({ jobIdentifier }) => {
      const found = submitted.get(jobIdentifier);
      if (!found) throw new ResourceNotFoundException(metadata);
      if (found.status !== 'InProgress') throw new ConflictException(metadata);
      found.status = 'Stopping';
      return {};
    });
    return client;
  };
  return {
    profiles: applicationProfiles(clientFor),
    jobs: batchJobs(clientFor),
    addProfile: (one, environment) => {
      all.push(one);
      tags.set(one.arn, environment);
    },
    submit: (one, environment) => {
      submitted.set(one.arn, { job: one, status: 'InProgress' });
      tags.set(one.arn, environment);
    },
    end: (arn) => void (submitted.get(arn)!.status = 'Completed'),
  };
}
