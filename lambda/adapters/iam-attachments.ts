import {
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
} from '@aws-sdk/client-iam';
import type { AttachmentChange, AttachmentsPort, Principal } from '../../core/ports/attachments';
import { failureOf } from './failure';
import { allPages } from './pages';

/** IAM's own name for "there is no such policy, principal, or attachment". */
const GONE = 'NoSuchEntityException';

export class IamAttachments implements AttachmentsPort {
  constructor(private readonly client = new IAMClient({ maxAttempts: 5 })) {}

  async attachedTo(policyArn: string): Promise<readonly Principal[]> {
    try {
      return await allPages(async (marker) => {
        const page = await this.client.send(new ListEntitiesForPolicyCommand({ PolicyArn: policyArn, Marker: marker }));
        const items: Principal[] = [
          ...(page.PolicyRoles ?? []).map(({ RoleName = '' }) => ({ kind: 'role', name: RoleName }) as const),
          ...(page.PolicyUsers ?? []).map(({ UserName = '' }) => ({ kind: 'user', name: UserName }) as const),
          ...(page.PolicyGroups ?? []).map(({ GroupName = '' }) => ({ kind: 'group', name: GroupName }) as const),
        ];
        return { items, next: page.IsTruncated ? page.Marker : undefined };
      });
    } catch (error) {
      if (failureOf(error)?.name === GONE) return [];
      throw error;
    }
  }

  async detach(PolicyArn: string, { kind, name }: Principal): Promise<AttachmentChange> {
    try {
      switch (kind) {
        case 'role':
          await this.client.send(new DetachRolePolicyCommand({ PolicyArn, RoleName: name }));
          break;
        case 'user':
          await this.client.send(new DetachUserPolicyCommand({ PolicyArn, UserName: name }));
          break;
        case 'group':
          await this.client.send(new DetachGroupPolicyCommand({ PolicyArn, GroupName: name }));
          break;
      }
      return { kind: 'done' };
    } catch (error) {
      const failure = failureOf(error);
      if (!failure) throw error;
      return failure.name === GONE ? { kind: 'unchanged' } : { kind: 'failed', why: failure.name };
    }
  }
}
