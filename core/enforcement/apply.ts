import type { AttachPort, Principal, DefaultVersionPort, SwitchDeployPort } from './ports';
import { errorNameOf, ServiceError } from '../errors';
import type { DesiredState } from '../stop-lines';
import { attempting, tenAtATime } from './attempting';
import { versionFor, type EnforcementPlan } from './plan';
import { told, type Digest } from './switch-document';

export interface OpenPrincipal {
  readonly principal: Principal;
  /** IAM's own name of why the switch could not be attached. */
  readonly why: string;
}

export interface Applied {
  /** Whether another version was put in effect. */
  readonly switched: boolean;
  /** The wanted version is in effect for whoever has the switch. */
  readonly inEffect: boolean;
  readonly attached: number;
  /** Each failed alone; the rest went on. */
  readonly failed: readonly OpenPrincipal[];
  /** What else went wrong, in words. */
  readonly troubles: readonly string[];
}

export interface EnforcementPorts {
  readonly attachments: AttachPort;
  readonly switchVersions: DefaultVersionPort;
  readonly switchDeploy: SwitchDeployPort;
}

/**
 * Makes a plan so, the most urgent first: one call for everybody, then whoever lacks the switch, then what can wait. Only where
 * nothing stands for the wanted state must it be written before anything.
 */
export async function applyPlan(
  ports: EnforcementPorts,
  switchArn: string,
  enforced: DesiredState,
  plan: EnforcementPlan,
  digest: Digest,
): Promise<Applied> {
  // Nearly every run finds all as it should be.
  if (isDone(plan)) return { switched: false, inEffect: plan.isTold, attached: 0, failed: [], troubles: [] };
  const troubles: string[] = [];
  const attempt = attempting(troubles);
  const repair = () => attempt('putting the versions of the switch in order', () => ports.switchDeploy.repair());
  const change = async (id: string) => {
    switched = await attempt(`switch to ${enforced}`, async () => {
      try {
        await ports.switchVersions.setDefault(id);
      } catch (error) {
        // A deploy has written a newer one since, and taken this one away.
        const newer = error instanceof ServiceError && error.refusal === 'notFound' ? await look() : undefined;
        if (newer === undefined || newer === id) throw error;
        await ports.switchVersions.setDefault(newer);
      }
    });
  };
  const look = async () => {
    const versions = (await ports.switchVersions.list()).map((version) => told(version, digest));
    return versionFor(versions, enforced)?.id;
  };

  let target = plan.setDefault;
  let switched = false;
  if (plan.isMissing) {
    // Also where the order has failed: it may have come as far as this.
    await repair();
    await attempt('the versions of the switch', async () => (target = await look()));
    if (target === undefined) troubles.push(`the switch has no version for ${enforced}`);
  }
  if (target !== undefined) await change(target);
  const inEffect = switched || (plan.isTold && target === undefined && !plan.isMissing);
  const failed = await attachAll(ports.attachments, switchArn, plan.attach);
  if (plan.needsRepair && !plan.isMissing) await repair();
  return { switched, inEffect, attached: plan.attach.length - failed.length, failed, troubles };
}

function isDone({ setDefault, isMissing, needsRepair, attach }: EnforcementPlan): boolean {
  return setDefault === undefined && !isMissing && !needsRepair && attach.length === 0;
}

async function attachAll(
  attachments: AttachPort,
  switchArn: string,
  principals: readonly Principal[],
): Promise<readonly OpenPrincipal[]> {
  const outcomes = await tenAtATime(principals, async (principal) => {
    const outcome = await attachments.attach(switchArn, principal).catch((error: unknown) => ({
      kind: 'failed' as const,
      why: errorNameOf(error),
    }));
    return outcome.kind === 'failed' ? [{ principal, why: outcome.why }] : [];
  });
  return outcomes.flat();
}
