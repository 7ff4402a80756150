import {
  GetAccountSummaryCommand,
  IAMClient,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  type AttachedPolicy,
} from '@aws-sdk/client-iam';
import { GuardError } from '../../../core/errors';
import type { PolicyRoomPort, PrincipalKind } from '../../../core/health';
import { allPages } from '../pages';
import { calling } from '../service-error';

export function iamPolicyRoom(client = new IAMClient({})): PolicyRoomPort {
  return {
    async attached(kind, name, signal) {
      const policies = await allPages(async (marker) => {
        const page = await calling(() => listAttached(client, kind, name, marker, signal));
        return { items: page.AttachedPolicies ?? [], next: page.IsTruncated ? page.Marker : undefined };
      });
      return policies.flatMap(({ PolicyArn }) => PolicyArn ?? []);
    },

    async quotas(signal) {
      const { SummaryMap } = await calling(() =>
        client.send(new GetAccountSummaryCommand({}), { abortSignal: signal }),
      );
      const quota = (key: 'Role' | 'User' | 'Group') => {
        const value = SummaryMap?.[`AttachedPoliciesPer${key}Quota`];
        if (value === undefined) {
          throw new GuardError('ANSWER_INVALID', `GetAccountSummary gave no AttachedPoliciesPer${key}Quota`);
        }
        return value;
      };
      return { role: quota('Role'), user: quota('User'), group: quota('Group') };
    },
  };
}

interface AttachedPage {
  readonly AttachedPolicies?: AttachedPolicy[] | undefined;
  readonly IsTruncated?: boolean | undefined;
  readonly Marker?: string | undefined;
}

function listAttached(
  client: IAMClient,
  kind: PrincipalKind,
  name: string,
  marker: string | undefined,
  abortSignal: AbortSignal,
): Promise<AttachedPage> {
  const page = { Marker: marker };
  switch (kind) {
    case 'role':
      return client.send(new ListAttachedRolePoliciesCommand({ RoleName: name, ...page }), { abortSignal });
    case 'user':
      return client.send(new ListAttachedUserPoliciesCommand({ UserName: name, ...page }), { abortSignal });
    case 'group':
      return client.send(new ListAttachedGroupPoliciesCommand({ GroupName: name, ...page }), { abortSignal });
  }
}
