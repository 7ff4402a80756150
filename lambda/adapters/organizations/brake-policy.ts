import {
  AttachPolicyCommand,
  ConstraintViolationException,
  DetachPolicyCommand,
  ListTargetsForPolicyCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import type { BrakePolicyPort, PolicyChange } from '../../../core/organization';
import { timeout } from '../pace';
import { allPages } from '../pages';
import { calling, failureOf } from '../service-error';

/** A request with its retries: AWS Organizations takes few at a time, and refuses what changes the same target at once. */
const REQUEST_MS = 15_000;

/**
 * A policy of AWS Organizations, whose one endpoint the SDK finds from any Region. Names of errors by
 * https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html and API_DetachPolicy.html, read 2026-11-29.
 * @param PolicyId such as `p-1a2b3c4d`
 */
export function brakePolicy(PolicyId: string, client = new OrganizationsClient({ maxAttempts: 5 })): BrakePolicyPort {
  return {
    targets: () =>
      allPages(async (token) => {
        const command = new ListTargetsForPolicyCommand({ PolicyId, NextToken: token });
        const page = await calling(() => client.send(command, { abortSignal: timeout(REQUEST_MS) }));
        return { items: (page.Targets ?? []).flatMap(({ TargetId }) => TargetId ?? []), next: page.NextToken };
      }),

    attach: (TargetId) =>
      changed(['DuplicatePolicyAttachmentException'], () =>
        client.send(new AttachPolicyCommand({ PolicyId, TargetId }), { abortSignal: timeout(REQUEST_MS) }),
      ),

    detach: (TargetId) =>
      // An account that has left the organisation has nothing attached.
      changed(['PolicyNotAttachedException', 'TargetNotFoundException'], () =>
        client.send(new DetachPolicyCommand({ PolicyId, TargetId }), { abortSignal: timeout(REQUEST_MS) }),
      ),
  };
}

async function changed(unchanged: readonly string[], change: () => Promise<unknown>): Promise<PolicyChange> {
  try {
    await change();
    return { kind: 'done' };
  } catch (error) {
    const failure = failureOf(error);
    if (!failure) throw error;
    if (unchanged.includes(failure.name)) return { kind: 'unchanged' };
    // One name for thirty limits: the reason says which.
    const reason = error instanceof ConstraintViolationException ? error.Reason : undefined;
    return { kind: 'failed', why: reason ?? failure.name };
  }
}
