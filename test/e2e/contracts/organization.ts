import { OrganizationsClient } from '@aws-sdk/client-organizations';
import { CreateBucketCommand, GetObjectCommand, NoSuchKey, S3Client } from '@aws-sdk/client-s3';
import { brakePolicy } from '../../../lambda/adapters/organizations/brake-policy';
import { PATH_STYLE, s3Pages } from '../../../lambda/adapters/s3/pages';
import type { BrakePolicySubject } from '../../contracts/suites/brake-policy';
import type { PagesSubject } from '../../contracts/suites/pages';
import { policy, unique } from '../emulator/support';
import { startOrganization } from '../support/organization';
import type { Account } from './account';

/** Of service control policies, on an account, FullAWSAccess among them. */
const MOST_POLICIES = 10;

export async function brakePolicies(account: Account): Promise<BrakePolicySubject> {
  const organization = await startOrganization(account.aws, { members: 2 });
  const { members, ouId } = organization;
  const ask = <T>(operation: string, input: object) => organization.ask<T>(operation, input);
  const [one, other] = members;
  const create = async () => {
    const { Policy } = await ask<{ Policy: { PolicySummary: { Id: string } } }>('CreatePolicy', {
      Name: unique('brake'),
      Description: 'denies a model',
      Type: 'SERVICE_CONTROL_POLICY',
      Content: policy({ Effect: 'Deny', Action: 'bedrock:InvokeModel' }),
    });
    return Policy.PolicySummary.Id;
  };
  const PolicyId = await create();
  return {
    port: brakePolicy(PolicyId, account.client(OrganizationsClient)),
    accounts: [one!, other!],
    async attachElsewhere() {
      await ask('AttachPolicy', { PolicyId, TargetId: ouId });
      return ouId;
    },
    async fill() {
      for (let number = 1; number < MOST_POLICIES; number++) {
        await ask('AttachPolicy', { PolicyId: await create(), TargetId: one });
      }
    },
    throttle: () =>
      account.refuse(
        'throttle',
        'organizations:AttachPolicy',
        'organizations:DetachPolicy',
        'organizations:ListTargetsForPolicy',
      ),
  };
}

class PathStyleClient extends S3Client {
  constructor(config: ConstructorParameters<typeof S3Client>[0]) {
    super({ ...config, ...PATH_STYLE });
  }
}

export async function keptPages(account: Account): Promise<PagesSubject> {
  const s3 = account.client(PathStyleClient);
  const Bucket = unique('pages');
  await s3.send(new CreateBucketCommand({ Bucket }));
  return {
    port: s3Pages(Bucket, s3),
    async read(Key) {
      try {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
        return await Body?.transformToString();
      } catch (error) {
        if (error instanceof NoSuchKey) return undefined;
        throw error;
      }
    },
    throttle: () => account.refuse('throttle', 's3:PutObject'),
  };
}
