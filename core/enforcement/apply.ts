import type { DenyAttachmentsPort, Principal } from '../ports/attachments';
import type { AttachmentStep, EnforcementPlan, MeterDeny } from './plan';

/** Calls of IAM at a time: its limit is shared by the whole account. */
const AT_ONCE = 10;

export interface OpenPrincipal {
  readonly principal: Principal;
  /** What could not be done. */
  readonly change: AttachmentStep['change'];
  readonly why: string;
}

export interface Applied {
  readonly changed: number;
  /** Each failed alone; the rest went on. */
  readonly failed: readonly OpenPrincipal[];
}

/** Makes the steps of a plan, in its order: all attachments before any detachment. */
export async function applyPlan(
  attachments: DenyAttachmentsPort,
  policyArns: Readonly<Record<MeterDeny, string>>,
  { steps }: EnforcementPlan,
): Promise<Applied> {
  const failed: OpenPrincipal[] = [];
  let changed = 0;
  for (const change of ['attach', 'detach'] as const) {
    const of = steps.filter((step) => step.change === change);
    for (let at = 0; at < of.length; at += AT_ONCE) {
      const outcomes = await Promise.all(
        of.slice(at, at + AT_ONCE).map(async ({ deny, principal }) => ({
          principal,
          outcome: await attachments[change](policyArns[deny], principal).catch((error: unknown) => ({
            kind: 'failed' as const,
            why: error instanceof Error ? error.name : 'Error',
          })),
        })),
      );
      for (const { principal, outcome } of outcomes) {
        if (outcome.kind === 'failed') failed.push({ principal, change, why: outcome.why });
        if (outcome.kind === 'done') changed += 1;
      }
    }
  }
  return { changed, failed };
}
