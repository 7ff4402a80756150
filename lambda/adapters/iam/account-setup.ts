import {
  GetAccountAuthorizationDetailsCommand,
  GetRoleCommand,
  IAMClient,
  type AttachedPolicy,
  type ManagedPolicyDetail,
  type PolicyDetail,
} from '@aws-sdk/client-iam';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GuardError, ServiceError } from '../../../core/errors';
import type { AccountPrincipal, AccountSetupPort } from '../../../core/health';
import { allPages } from '../pages';
import { calling } from '../service-error';

/** The CDK's own, unless somebody bootstrapped with another. */
const QUALIFIER = 'hnb659fds';

export function accountSetup(iam = new IAMClient({}), lambda = new LambdaClient({})): AccountSetupPort {
  return {
    async bootstrapped(account, region, signal) {
      const RoleName = `cdk-${QUALIFIER}-deploy-role-${account}-${region}`;
      try {
        await calling(() => iam.send(new GetRoleCommand({ RoleName }), { abortSignal: signal }));
        return true;
      } catch (error) {
        if (error instanceof ServiceError && error.refusal === 'notFound') return false;
        throw error;
      }
    },

    async concurrencyLimit(signal) {
      const { AccountLimit } = await calling(() =>
        lambda.send(new GetAccountSettingsCommand({}), { abortSignal: signal }),
      );
      const limit = AccountLimit?.ConcurrentExecutions;
      if (limit === undefined) {
        throw new GuardError('ANSWER_INVALID', 'GetAccountSettings answered without ConcurrentExecutions');
      }
      return limit;
    },

    async principals(signal) {
      const pages = await allPages(async (marker) => {
        const page = await calling(() =>
          iam.send(new GetAccountAuthorizationDetailsCommand({ Marker: marker, MaxItems: 1000 }), {
            abortSignal: signal,
          }),
        );
        return { items: [page], next: page.IsTruncated ? page.Marker : undefined };
      });
      // A principal and the policy that is attached to it may be on different pages.
      const managed = new Map(pages.flatMap(({ Policies = [] }) => Policies).map((one) => [one.Arn, documentOf(one)]));
      const policies = (inline: readonly PolicyDetail[], attached: readonly AttachedPolicy[]) => [
        ...inline.map(({ PolicyDocument }) => parsed(PolicyDocument)),
        ...attached.map(({ PolicyArn }) => managed.get(PolicyArn)),
      ];
      return pages.flatMap(({ RoleDetailList = [], UserDetailList = [], GroupDetailList = [] }): AccountPrincipal[] => [
        ...RoleDetailList.map((one) => ({
          kind: 'role' as const,
          name: one.RoleName ?? '',
          path: one.Path ?? '/',
          policies: policies(one.RolePolicyList ?? [], one.AttachedManagedPolicies ?? []),
        })),
        ...UserDetailList.map((one) => ({
          kind: 'user' as const,
          name: one.UserName ?? '',
          path: one.Path ?? '/',
          policies: policies(one.UserPolicyList ?? [], one.AttachedManagedPolicies ?? []),
        })),
        ...GroupDetailList.map((one) => ({
          kind: 'group' as const,
          name: one.GroupName ?? '',
          path: one.Path ?? '/',
          policies: policies(one.GroupPolicyList ?? [], one.AttachedManagedPolicies ?? []),
        })),
      ]);
    },
  };
}

function documentOf({ PolicyVersionList = [], DefaultVersionId }: ManagedPolicyDetail): unknown {
  return parsed(PolicyVersionList.find(({ VersionId }) => VersionId === DefaultVersionId)?.Document);
}

/** IAM gives documents as URL-encoded JSON. */
function parsed(document: string | undefined): unknown {
  return document === undefined ? undefined : (JSON.parse(decodeURIComponent(document)) as unknown);
}
