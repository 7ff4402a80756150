import { CreateGroupCommand, CreateUserCommand, DeletePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import type { Principal } from '../../../core/enforcement/ports';
import { IamAttachments } from '../../../lambda/adapters/iam/attachments';
import { iamPolicyVersions } from '../../../lambda/adapters/iam/policy-versions';
import type { AttachmentsSubject } from '../../contracts/suites/attachments';
import { FIRST, type PolicyVersionsSubject } from '../../contracts/suites/policy-versions';
import { managedPolicy, roleWith, unique } from '../emulator/support';
import type { Account } from './account';

export function attachments(account: Account): AttachmentsSubject {
  return {
    port: new IamAttachments(account.client(IAMClient)),
    policy: () => managedPolicy(account.aws),
    principal: (kind, name) => principalOf(account, kind, name),
    throttle: () => account.refuse('throttle', 'iam:AttachRolePolicy', 'iam:AttachUserPolicy', 'iam:AttachGroupPolicy'),
  };
}

export async function policyVersions(account: Account): Promise<PolicyVersionsSubject> {
  const iam = account.client(IAMClient);
  const PolicyArn = await managedPolicy(account.aws, JSON.stringify(FIRST));
  const port = iamPolicyVersions(PolicyArn, iam);
  return {
    port,
    async remove() {
      for (const { id, isDefault } of await port.list()) if (!isDefault) await port.remove(id);
      await iam.send(new DeletePolicyCommand({ PolicyArn }));
    },
    throttle: () =>
      account.refuse(
        'throttle',
        ...[
          'iam:ListPolicyVersions',
          'iam:CreatePolicyVersion',
          'iam:DeletePolicyVersion',
          'iam:SetDefaultPolicyVersion',
        ],
      ),
  };
}

export async function principalOf(account: Account, kind: Principal['kind'], name = unique(kind)): Promise<Principal> {
  const iam = account.client(IAMClient);
  switch (kind) {
    case 'role':
      await roleWith(account.aws, [], name);
      break;
    case 'user':
      await iam.send(new CreateUserCommand({ UserName: name }));
      break;
    case 'group':
      await iam.send(new CreateGroupCommand({ GroupName: name }));
      break;
  }
  return { kind, name };
}
