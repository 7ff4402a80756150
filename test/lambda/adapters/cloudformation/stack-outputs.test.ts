import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { cloudFormationOutputs } from '../../../../lambda/adapters/cloudformation/stack-outputs';

const cloudFormation = mockClient(CloudFormationClient);
beforeEach(() => cloudFormation.reset());

const named = (name: string, httpStatusCode = 400) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });

test('outputs by name', async () => {
  cloudFormation.on(DescribeStacksCommand, { StackName: 'SpendGuard-dev' }).resolves({
    Stacks: [
      {
        StackName: 'SpendGuard-dev',
        CreationTime: new Date(0),
        StackStatus: 'UPDATE_COMPLETE',
        Outputs: [{ OutputKey: 'LeasesTableName', OutputValue: 'leases' }],
      },
    ],
  });
  expect(await cloudFormationOutputs().outputs('SpendGuard-dev')).toEqual({ LeasesTableName: 'leases' });
});

test('a stack without outputs has none', async () => {
  const stack = { StackName: 's', CreationTime: new Date(0), StackStatus: 'CREATE_COMPLETE' as const };
  cloudFormation.on(DescribeStacksCommand).resolves({ Stacks: [stack] });
  expect(await cloudFormationOutputs().outputs('s')).toEqual({});
});

test('no such stack is not deployed; any other refusal is an error', async () => {
  cloudFormation.on(DescribeStacksCommand).rejectsOnce(named('ValidationError'));
  expect(await cloudFormationOutputs().outputs('s')).toBeUndefined();
  cloudFormation.on(DescribeStacksCommand).rejects(named('AccessDenied', 403));
  await expect(cloudFormationOutputs().outputs('s')).rejects.toMatchObject({ refusal: 'accessDenied' });
});
