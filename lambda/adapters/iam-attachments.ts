import {
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
  type ListEntitiesForPolicyCommandOutput,
} from '@aws-sdk/client-iam';
import { GuardError } from '../../core/errors';
import type { AttachmentChange, AttachmentsPort, Principal } from '../../core/ports/attachments';
import { failureOf } from './failure';

/** IAM's own name for "there is no such policy, principal, or attachment". */
const GONE = 'NoSuchEntityException';

export class IamAttachments implements AttachmentsPort {
  constructor(private readonly client = new IAMClient({ maxAttempts: 5 })) {}

  async attachedTo(policyArn: string): Promise<readonly Principal[]> {
    const found: Principal[] = [];
    const seen = new Set<string>();
    let marker: string | undefined;
    do {
      let page: ListEntitiesForPolicyCommandOutput;
      try {
        page = await this.client.send(new ListEntitiesForPolicyCommand({ PolicyArn: policyArn, Marker: marker }));
      } catch (error) {
        if (failureOf(error)?.name === GONE) return found;
        throw error;
      }
      found.push(
        ...(page.PolicyRoles ?? []).map(({ RoleName = '' }) => ({ kind: 'role', name: RoleName }) as const),
        ...(page.PolicyUsers ?? []).map(({ UserName = '' }) => ({ kind: 'user', name: UserName }) as const),
        ...(page.PolicyGroups ?? []).map(({ GroupName = '' }) => ({ kind: 'group', name: GroupName }) as const),
      );
      marker = page.IsTruncated ? page.Marker : undefined;
      if (marker !== undefined && seen.has(marker)) {
        throw new GuardError(
          'PAGE_TOKEN_REPEATED',
          `IAM gave the page marker of an earlier page again for ${policyArn}`,
        );
      }
      if (marker !== undefined) seen.add(marker);
    } while (marker !== undefined);
    return found;
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
