import type { EnvironmentConfig } from '../../config';
import { referenceCommand, SWITCH_PATH, switchName, told, type DeployedFunction } from '../../core/enforcement';
import {
  type Answer,
  assessPermissionSet,
  assessPolicyRoom,
  type GuardedPrincipal,
  type GuardPolicies,
  assessSwitch,
  type Identity,
} from '../../core/health';
import { sha256 } from '../../lambda/digest';
import type { Looked } from '../looked/looked';
import type { Reason } from '../looked/not-touched';
import type { Services } from '../services';
import { unknown, type Ask, type Diagnosis } from './diagnosis';

/** Its variables name the topic, the role and the policies. */
export const NO_HEALTH_CHECK = 'no deployed health check was found';

const QUESTIONS_HERE = ['switchVersions', 'policyRoom.attached', 'policyRoom.quotas', 'permissionSetRoles'] as const;

/** What is known of the account before anything is asked about a stop. */
export interface Account {
  readonly identity: Identity;
  /** The environment's, in its Region. */
  readonly functions: Answer<readonly DeployedFunction[]>;
}

/**
 * Whether a stop would reach everybody whom it must: asked before the first deploy as well as after.
 * @param isDeploying who lacks the switch is given it, if only it fits
 */
export async function held(
  ask: Ask,
  services: Services,
  environment: EnvironmentConfig,
  account: Account,
  look: Looked,
  isDeploying = false,
): Promise<readonly Diagnosis[]> {
  const check = deployedCheck(account.functions);
  const policies = policiesOf(environment, check, isDeploying);
  return [
    ...(await theSwitch(ask, services, environment, account, policies, look)),
    ...(await principals(ask, services, environment, check, policies, look)),
    ...(await permissionSets(ask, services, environment, policies, look)),
  ];
}

/** Nothing of it is asked. */
export function skipHeld(look: Looked, reason: Reason, why: string): void {
  for (const question of QUESTIONS_HERE) look.skip(question, reason, why);
}

export function roleName(check: DeployedFunction | undefined): string | undefined {
  return check?.variables['INVOKER_ROLE_ARN']?.split('/').at(-1);
}

function deployedCheck(functions: Account['functions']): DeployedFunction | undefined {
  return functions.kind === 'known' ? functions.value.find(({ feature }) => feature === 'health-check') : undefined;
}

/** A stack from before there was a switch has none either. */
function policiesOf(
  { billAction }: EnvironmentConfig,
  check: DeployedFunction | undefined,
  isDeploying: boolean,
): GuardPolicies {
  const { SWITCH_ARN, DENY_BILL_ARN } = check?.variables ?? {};
  const arns = SWITCH_ARN && DENY_BILL_ARN ? { switch: SWITCH_ARN, bill: DENY_BILL_ARN } : undefined;
  const mustHold = arns !== undefined && !isDeploying;
  return { ...(arns && { arns }), billAction: billAction.kind !== 'none', mustHold };
}

/** Before the first deploy: whether its name is free, which IAM has once in an account and not once in a Region. */
async function theSwitch(
  ask: Ask,
  { switchVersions }: Services,
  { name, region }: EnvironmentConfig,
  { identity, functions }: Account,
  { arns }: GuardPolicies,
  look: Looked,
): Promise<readonly Diagnosis[]> {
  const versionsOf = (arn: string) =>
    ask(async () => (await switchVersions(arn).list()).map((version) => told(version, sha256)));
  if (arns !== undefined) return [assessSwitch(arns.switch, await versionsOf(arns.switch), undefined)];
  if (functions.kind === 'unavailable' || functions.value.length > 0) {
    look.skip('switchVersions', 'notDeployed', NO_HEALTH_CHECK);
    return [];
  }
  const subject = switchName(name);
  const partition = identity.arn.split(':')[1] ?? 'aws';
  const found = await versionsOf(`arn:${partition}:iam::${identity.account}:policy${SWITCH_PATH}${subject}`);
  if (found.kind === 'unavailable') return [unknown('switch', subject, found.problem)];
  if (found.value.length === 0) return [];
  return [
    {
      check: 'switch',
      subject,
      status: 'failed',
      detail: `exists in account ${identity.account}, and not by a stack in ${region}: names of policies count in the whole account, so the deploy would fail`,
      fix: `first delete SpendGuard-${name} in the Region that has it (npx cdk destroy, with that Region in the config); or, to have both, give this environment another name`,
    },
  ];
}

async function principals(
  ask: Ask,
  { policyRoom: room }: Services,
  { principals: { roles, users, groups } }: EnvironmentConfig,
  check: DeployedFunction | undefined,
  policies: GuardPolicies,
  look: Looked,
): Promise<readonly Diagnosis[]> {
  const invoker = roleName(check);
  if (invoker === undefined) look.note('the switch on the invoker role', 'notDeployed', NO_HEALTH_CHECK);
  const of = (kind: GuardedPrincipal['kind'], names: readonly { readonly name: string }[]) =>
    names.map(({ name }): GuardedPrincipal => ({ kind, name }));
  const guarded = [
    ...of('role', invoker === undefined ? roles : [{ name: invoker }, ...roles]),
    ...of('user', users),
    ...of('group', groups),
  ];
  if (guarded.length === 0) {
    for (const question of ['policyRoom.attached', 'policyRoom.quotas'] as const) {
      look.skip(question, 'notConfigured', 'principals names nobody');
    }
    return [];
  }
  const limits = await ask((signal) => room.quotas(signal));
  const diagnoses: Diagnosis[] = [];
  for (const principal of guarded) {
    const attached = await ask((signal) => room.attached(principal.kind, principal.name, signal));
    diagnoses.push(assessPolicyRoom(principal, attached, limits, policies));
  }
  return diagnoses;
}

async function permissionSets(
  ask: Ask,
  { permissionSetRoles: port }: Services,
  { name, principals: { permissionSets: sets } }: EnvironmentConfig,
  { arns }: GuardPolicies,
  look: Looked,
): Promise<readonly Diagnosis[]> {
  if (sets.length === 0) {
    look.skip('permissionSetRoles', 'notConfigured', 'principals names no permission set');
    return [];
  }
  if (arns === undefined) {
    look.skip('permissionSetRoles', 'notDeployed', NO_HEALTH_CHECK);
    return sets.map((subject) => ({
      ...{ check: 'permission-set', subject, status: 'expected' },
      detail: 'has no switch yet, which the first deploy makes',
      fix: `after that, in the management account run once: ${referenceCommand(name)}`,
    }));
  }
  const roles = await ask((signal) => port.roles(signal));
  const rolesWith = await ask((signal) => port.rolesWith(arns.switch, signal));
  return sets.map((set) => assessPermissionSet(name, set, { roles, rolesWith }));
}
