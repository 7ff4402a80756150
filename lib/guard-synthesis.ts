import { writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  Annotations,
  attachCustomSynthesis,
  CfnDeletionPolicy,
  type CfnResource,
  type ISynthesisSession,
  Stack,
} from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { Notice } from '../config';
import { ESTIMATES_METADATA, estimates } from '../core/estimates';
import { formatUsd } from '../core/money';
import { clientConfig, clientConfigFile } from './client-config';
import type { EnvironmentGuard } from './environment-guard';
import { PRINCIPAL_KINDS } from './guarded-principals';
import { alsoCounting, GUARDED, type Guarded, isAloneInStack } from './guards-of-app';
import { deployedStack } from './logical-ids';
import { countBillable } from './self-cost';
import { NOTES_ARE_SAID, synthNotes } from './synth-notes';

export interface Synthesized {
  readonly guard: EnvironmentGuard;
  /** What a deployer should know although nothing is wrong. */
  readonly notices: readonly Notice[];
  readonly overshootIsOpen: boolean;
}

/** What synth says of a guard beside its template, once the app has said all of it: in the assembly, and to people. */
export function onSynthesis(guarded: Guarded, { guard, notices, overshootIsOpen }: Synthesized): void {
  const environment = guarded[GUARDED];
  let isSaid = false;
  const onSynthesize = ({ outdir }: ISynthesisSession) => {
    // Beside the template, in the same folder.
    const file = path.join(outdir, clientConfigFile(environment.name));
    writeFileSync(file, `${JSON.stringify(clientConfig(guard, environment), null, 2)}\n`);
    if (isSaid) return;
    isSaid = true;
    // Readers look for those of a stack, in which there is mostly one guard.
    const { node } = isAloneInStack(guarded) ? deployedStack(guarded) : guarded;
    node.addMetadata(ESTIMATES_METADATA, estimates(countBillable(guarded), environment.meter.overshoot));
    if (guarded.node.tryGetContext(NOTES_ARE_SAID) !== true) {
      const told = [...notices.filter(({ about }) => isOpen(guard, about)), ...heldNobody(guarded, guard)];
      Annotations.of(guarded).addInfo(synthNotes(guarded, environment, told).join('\n'));
    }
    const warnings = { ...(overshootIsOpen ? overshootWarning(guarded) : {}), ...findings(guarded, guard) };
    for (const [id, text] of Object.entries(warnings)) {
      Annotations.of(guarded).addWarningV2(`bedrock-spend-guard:${id}`, text);
    }
  };
  attachCustomSynthesis(guarded, { onSynthesize });
}

/** What the configuration misses the app may have seen to by a verb. */
function isOpen({ invoker }: EnvironmentGuard, about: Notice['about']): boolean {
  return about === undefined || !invoker.trustsSomebody;
}

function heldNobody({ [GUARDED]: { name, principals } }: Guarded, guard: EnvironmentGuard): readonly Notice[] {
  const held = PRINCIPAL_KINDS.reduce((sum, kind) => sum + guard.principals.namesOf(kind).length, 0);
  // The invoker role is one of them.
  if (held > 1 || principals.permissionSets.length > 0) return [];
  const text =
    'nobody is held but who assumes the invoker role: name whoever else calls models in principals, or by the verb hold';
  return [{ environment: name, text }];
}

type Warnings = Readonly<Record<string, string>>;

function overshootWarning({ [GUARDED]: { meter } }: Guarded): Warnings {
  const { known } = meter.overshoot;
  if (known === 'unknown') {
    const text =
      'what may be spent before a stop holds is unknown, as no list has a quota of its models: say in acceptOvershoot why that is acceptable, or give the quotas in a config file (quotas)';
    return { overshootUnknown: text };
  }
  return {
    overshoot: `${formatUsd(known.amount)} may be spent before a stop holds, by an estimate of ${known.percentOfLimit.toFixed(0)}% of the limit, as the models' quotas allow it: say in acceptOvershoot why that is acceptable, raise monthlyLimit, or leave out the models with the largest quotas`,
  };
}

/** What the app has done to the guard from outside, or what others of it do. */
function findings(guarded: Guarded, guard: EnvironmentGuard): Warnings {
  const { name, metering } = guarded[GUARDED];
  const counting = alsoCounting(guarded).map(({ node }) => node.path);
  const unmetered = metering === 'profiles' ? guard.principals.heldLaterNames : [];
  const own = guard.spendMeter.boundary.policy.managedPolicyArn;
  const role = guard.spendMeter.guardFunction.role.node.defaultChild as iam.CfnRole;
  const resource = guard.switch.resource.node.defaultChild as CfnResource;
  return {
    ...(counting.length === 0
      ? {}
      : {
          wholeAccountTwice: `counts all of the account, as does ${counting.join(', ')}: what is spent behind one of them counts for the others too. Set meterWholeAccount: false, and let callers call what modelId() names`,
        }),
    ...(unmetered.length === 0
      ? {}
      : {
          heldUnmetered: `holds ${unmetered.length} that the app names, but counts only what is called by the guard's own profiles: let them call what modelId() names, or set meterWholeAccount: true`,
        }),
    ...(boundaryOf(role) === JSON.stringify(Stack.of(role).resolve(own))
      ? {}
      : {
          permissionsBoundary: `the app's permissions boundary takes the place of the meter's own, which keeps its role to the switch: it must allow what docs/construct.md lists, iam:SetDefaultPolicyVersion on policy/spend-guard/spend-guard-switch-${name} among it, or no stop works`,
        }),
    ...(resource.cfnOptions.deletionPolicy === CfnDeletionPolicy.RETAIN
      ? {
          retained: `the app keeps ${resource.node.path} when the stack goes, and with it nobody is let go: take RemovalPolicies.of(…).retain() off the guard`,
        }
      : {}),
  };
}

/** As the template has it, whoever put it there. */
function boundaryOf(role: iam.CfnRole): string {
  const rendered = Stack.of(role).resolve(role._toCloudFormation()) as {
    readonly Resources: Readonly<Record<string, { readonly Properties: { readonly PermissionsBoundary?: unknown } }>>;
  };
  return JSON.stringify(Object.values(rendered.Resources)[0]?.Properties.PermissionsBoundary);
}
