import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  DetachGroupPolicyCommand,
  DetachRolePolicyCommand,
  DetachUserPolicyCommand,
  IAMClient,
  ListEntitiesForPolicyCommand,
} from '@aws-sdk/client-iam';
import type { AttachmentChange, AllAttachmentsPort, Principal } from '../../../core/enforcement';
import { ServiceError } from '../../../core/errors';
import { failureOf, calling } from '../service-error';
import { timeout } from '../pace';
import { allPages } from '../pages';

/** IAM's own name for "there is no such policy, principal, or attachment". */
const GONE = 'NoSuchEntityException';
/** IAM's most, so that a thousand people are one call and not ten. */
const MOST_A_PAGE = 1_000;
/** A request with its retries, so that one principal that hangs does not hold up the others. */
const REQUEST_MS = 10_000;

export class IamAttachments implements AllAttachmentsPort {
  constructor(private readonly client = new IAMClient({ maxAttempts: 5 })) {}

  async attachedTo(policyArn: string): Promise<readonly Principal[]> {
    try {
      return await allPages(async (marker) => {
        const page = await calling(() =>
          this.client.send(
            new ListEntitiesForPolicyCommand({ PolicyArn: policyArn, Marker: marker, MaxItems: MOST_A_PAGE }),
            {
              abortSignal: timeout(REQUEST_MS),
            },
          ),
        );
        const items: Principal[] = [
          ...(page.PolicyRoles ?? []).map(({ RoleName = '' }) => ({ kind: 'role', name: RoleName }) as const),
          ...(page.PolicyUsers ?? []).map(({ UserName = '' }) => ({ kind: 'user', name: UserName }) as const),
          ...(page.PolicyGroups ?? []).map(({ GroupName = '' }) => ({ kind: 'group', name: GroupName }) as const),
        ];
        return { items, next: page.IsTruncated ? page.Marker : undefined };
      });
    } catch (error) {
      if (error instanceof ServiceError && error.errorName === GONE) return [];
      throw error;
    }
  }

  /** `why` is IAM's own name, such as `LimitExceededException` for an eleventh policy of a role (trap 35). */
  async attach(PolicyArn: string, { kind, name }: Principal): Promise<AttachmentChange> {
    const abortSignal = timeout(REQUEST_MS);
    try {
      switch (kind) {
        case 'role':
          await this.client.send(new AttachRolePolicyCommand({ PolicyArn, RoleName: name }), { abortSignal });
          break;
        case 'user':
          await this.client.send(new AttachUserPolicyCommand({ PolicyArn, UserName: name }), { abortSignal });
          break;
        case 'group':
          await this.client.send(new AttachGroupPolicyCommand({ PolicyArn, GroupName: name }), { abortSignal });
          break;
      }
      return { kind: 'done' };
    } catch (error) {
      const failure = failureOf(error);
      if (!failure) throw error;
      return { kind: 'failed', why: failure.name };
    }
  }

  async detach(PolicyArn: string, { kind, name }: Principal): Promise<AttachmentChange> {
    const abortSignal = timeout(REQUEST_MS);
    try {
      switch (kind) {
        case 'role':
          await this.client.send(new DetachRolePolicyCommand({ PolicyArn, RoleName: name }), { abortSignal });
          break;
        case 'user':
          await this.client.send(new DetachUserPolicyCommand({ PolicyArn, UserName: name }), { abortSignal });
          break;
        case 'group':
          await this.client.send(new DetachGroupPolicyCommand({ PolicyArn, GroupName: name }), { abortSignal });
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
