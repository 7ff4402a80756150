import { IAMClient, ListEntitiesForPolicyCommand } from '@aws-sdk/client-iam';
import { stateOf } from '../../../core/enforcement/switch-document';
import type { DesiredState } from '../../../core/stop-lines/triggers';
import { iamPolicyVersions } from '../../../lambda/adapters/iam/policy-versions';
import { sha256 } from '../../../lambda/digest';
import type { Emulator } from '../../../local/emulator';

/** The version of a switch that is in effect, told from its content; undefined: it is nobody's text. */
export async function stateInEffect(aws: Emulator, switchArn: string): Promise<DesiredState | undefined> {
  const versions = await iamPolicyVersions(switchArn, aws.client(IAMClient)).list();
  return stateOf(versions.find(({ isDefault }) => isDefault)?.document, sha256);
}

/** Whom IAM names as having a policy, as `role app`, sorted. */
export async function holdersOf(aws: Emulator, policyArn: string): Promise<readonly string[]> {
  const {
    PolicyRoles = [],
    PolicyUsers = [],
    PolicyGroups = [],
  } = await aws.client(IAMClient).send(new ListEntitiesForPolicyCommand({ PolicyArn: policyArn }));
  return [
    ...PolicyRoles.map(({ RoleName }) => `role ${RoleName}`),
    ...PolicyUsers.map(({ UserName }) => `user ${UserName}`),
    ...PolicyGroups.map(({ GroupName }) => `group ${GroupName}`),
  ].sort();
}
