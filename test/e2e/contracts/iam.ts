import { CreateGroupCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import type { Principal } from '../../../core/ports/attachments';
import { IamAttachments } from '../../../lambda/adapters/iam-attachments';
import type { AttachmentsSubject } from '../../contracts/suites/attachments';
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
