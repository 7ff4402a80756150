import { GetAccountAuthorizationDetailsCommand, GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { accountSetup } from '../../../../lambda/adapters/iam/account-setup';

const iam = mockClient(IAMClient);
const lambda = mockClient(LambdaClient);
beforeEach(() => {
  iam.reset();
  lambda.reset();
});

const signal = new AbortController().signal;
const refusal = (name: string, httpStatusCode: number) =>
  Object.assign(new Error('no'), { name, $metadata: { httpStatusCode } });

describe('bootstrapped', () => {
  const asked = () => accountSetup().bootstrapped('111122223333', 'us-east-1', signal);

  test("by the CDK's deployment role of the account and Region", async () => {
    iam.on(GetRoleCommand, { RoleName: 'cdk-hnb659fds-deploy-role-111122223333-us-east-1' }).resolves({});
    expect(await asked()).toBe(true);
  });

  test('no such role: not bootstrapped; a refusal is no answer', async () => {
    iam.on(GetRoleCommand).rejects(refusal('NoSuchEntityException', 404));
    expect(await asked()).toBe(false);
    iam.on(GetRoleCommand).rejects(refusal('AccessDenied', 403));
    await expect(asked()).rejects.toMatchObject({ refusal: 'accessDenied' });
  });
});

test('the concurrency of the account; an answer without it is refused', async () => {
  lambda.on(GetAccountSettingsCommand).resolves({ AccountLimit: { ConcurrentExecutions: 10 } });
  expect(await accountSetup().concurrencyLimit(signal)).toBe(10);
  lambda.on(GetAccountSettingsCommand).resolves({});
  await expect(accountSetup().concurrencyLimit(signal)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
});

test('principals with inline and attached policies, the version in force, over all pages', async () => {
  const document = (Action: string) => ({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action, Resource: '*' }],
  });
  const encoded = (Action: string) => encodeURIComponent(JSON.stringify(document(Action)));
  iam
    .on(GetAccountAuthorizationDetailsCommand, { Marker: undefined })
    .resolves({
      IsTruncated: true,
      Marker: 'next',
      RoleDetailList: [
        {
          RoleName: 'app',
          Path: '/team/',
          RolePolicyList: [{ PolicyName: 'inline', PolicyDocument: encoded('s3:*') }],
          AttachedManagedPolicies: [{ PolicyArn: 'arn:p', PolicyName: 'p' }],
        },
      ],
      UserDetailList: [{ UserName: 'eve', Path: '/' }],
    })
    .on(GetAccountAuthorizationDetailsCommand, { Marker: 'next' })
    .resolves({
      IsTruncated: false,
      GroupDetailList: [{ GroupName: 'all', Path: '/', AttachedManagedPolicies: [{ PolicyArn: 'arn:p' }] }],
      Policies: [
        {
          Arn: 'arn:p',
          DefaultVersionId: 'v2',
          PolicyVersionList: [
            { VersionId: 'v1', Document: encoded('old:*') },
            { VersionId: 'v2', Document: encoded('bedrock:*') },
          ],
        },
      ],
    });
  expect(await accountSetup().principals(signal)).toEqual([
    { kind: 'role', name: 'app', path: '/team/', policies: [document('s3:*'), document('bedrock:*')] },
    { kind: 'user', name: 'eve', path: '/', policies: [] },
    { kind: 'group', name: 'all', path: '/', policies: [document('bedrock:*')] },
  ]);
});
