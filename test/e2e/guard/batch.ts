import {
  BedrockClient,
  CreateModelInvocationJobCommand,
  GetModelInvocationJobCommand,
  TagResourceCommand,
} from '@aws-sdk/client-bedrock';
import { ENVIRONMENT_TAG } from '../../../core/tags';
import { HELD_ROLE_ARN } from '../support/callers';
import type { LocalGuard } from '../support/local-guard';
import { VirtualMonth } from '../support/month';

const MODEL = 'amazon.nova-pro-v1:0';
const OTHER_ROLE = 'arn:aws:iam::123456789012:role/somebody-elses-batch';

export function batch(guard: LocalGuard): void {
  const job = async (jobName: string, roleArn: string, environment?: string) => {
    const bedrock = guard.aws.client(BedrockClient);
    const { jobArn = '' } = await bedrock.send(
      new CreateModelInvocationJobCommand({
        jobName,
        roleArn,
        modelId: MODEL,
        inputDataConfig: { s3InputDataConfig: { s3Uri: 's3://batch/in' } },
        outputDataConfig: { s3OutputDataConfig: { s3Uri: 's3://batch/out' } },
      }),
    );
    const tags = environment === undefined ? [] : [{ key: ENVIRONMENT_TAG, value: environment }];
    if (tags.length > 0) await bedrock.send(new TagResourceCommand({ resourceARN: jobArn, tags }));
    return async () => {
      const { status } = await bedrock.send(new GetModelInvocationJobCommand({ jobIdentifier: jobArn }));
      return status;
    };
  };

  test("a stop ends the environment's batch jobs, by their tag or their role, and nobody else's", async () => {
    const month = await VirtualMonth.begin(guard, 'dev');
    const jobs = {
      tagged: await job('tagged', OTHER_ROLE, 'dev'),
      byRole: await job('by-role', HELD_ROLE_ARN),
      stagings: await job('stagings', OTHER_ROLE, 'staging'),
      nobodys: await job('nobodys', OTHER_ROLE),
    };
    await month.spendDaily(9.5, 5);
    expect(await month.tick()).toMatchObject({ desired: 'stopped' });
    const status = await Promise.all(Object.entries(jobs).map(async ([name, look]) => [name, await look()] as const));
    expect(Object.fromEntries(status)).toEqual({
      tagged: 'Stopped',
      byRole: 'Stopped',
      stagings: 'InProgress',
      nobodys: 'InProgress',
    });
  });
}
