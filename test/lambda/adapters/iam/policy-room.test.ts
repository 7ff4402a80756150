import {
  GetAccountSummaryCommand,
  IAMClient,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { iamPolicyRoom } from '../../../../lambda/adapters/iam/policy-room';

const signal = new AbortController().signal;

describe('policy room', () => {
  const iam = mockClient(IAMClient);
  beforeEach(() => iam.reset());

  it.each([
    ['role', ListAttachedRolePoliciesCommand],
    ['user', ListAttachedUserPoliciesCommand],
    ['group', ListAttachedGroupPoliciesCommand],
  ] as const)('lists what is attached to a %s over all pages', async (kind, command) => {
    iam
      .on(command as never)
      .resolvesOnce({ AttachedPolicies: [{ PolicyArn: 'arn:1' }], IsTruncated: true, Marker: 'm' })
      .resolvesOnce({ AttachedPolicies: [{ PolicyArn: 'arn:2' }], IsTruncated: false });
    expect(await iamPolicyRoom().attached(kind, 'n', signal)).toEqual(['arn:1', 'arn:2']);
  });

  it('a marker that repeats is an error, not a loop for ever', async () => {
    iam.on(ListAttachedRolePoliciesCommand).resolves({ AttachedPolicies: [], IsTruncated: true, Marker: 'm' });
    await expect(iamPolicyRoom().attached('role', 'n', signal)).rejects.toMatchObject({ code: 'PAGE_TOKEN_REPEATED' });
  });

  it('reads the account’s quotas, and refuses an answer without them', async () => {
    iam.on(GetAccountSummaryCommand).resolves({
      SummaryMap: {
        AttachedPoliciesPerRoleQuota: 20,
        AttachedPoliciesPerUserQuota: 10,
        AttachedPoliciesPerGroupQuota: 10,
      },
    });
    expect(await iamPolicyRoom().quotas(signal)).toEqual({ role: 20, user: 10, group: 10 });
    iam.on(GetAccountSummaryCommand).resolves({ SummaryMap: {} });
    await expect(iamPolicyRoom().quotas(signal)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
  });
});
