import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { ACCOUNT, type Emulator } from '../../../local/emulator';

/** A role of a team's own, which the config grants one budget. */
export const JOB = 'nightly-job';
export const JOB_ARN = `arn:aws:iam::${ACCOUNT}:role/${JOB}`;

const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: [statement] });

/** It may call models by itself, and nothing of the guard's. */
export async function makeJob(aws: Emulator): Promise<void> {
  const iam = aws.client(IAMClient);
  const AssumeRolePolicyDocument = document({
    Effect: 'Allow',
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: 'sts:AssumeRole',
  });
  const PolicyDocument = document({ Effect: 'Allow', Action: 'bedrock:InvokeModel', Resource: '*' });
  await iam.send(new CreateRoleCommand({ RoleName: JOB, AssumeRolePolicyDocument }));
  await iam.send(new PutRolePolicyCommand({ RoleName: JOB, PolicyName: 'call', PolicyDocument }));
}
