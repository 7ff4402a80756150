import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import type { Emulator } from '../../../local/emulator';
import type { NamedPolicy } from '../../helpers/iam-evaluator';

/** A role of a stack with what its templates grant it, every reference resolved. */
export interface GrantedRole {
  readonly environment: string;
  readonly roleName: string;
  /** As in `ROLE_TABLE`: the function's feature, `schedules`, `bill-action` or `invoker`. */
  readonly feature: string;
  readonly policies: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
}

/** By the beginning of the role's logical id, which is part of its name. */
const FEATURES: Readonly<Record<string, string>> = {
  ChannelsChatRole: 'chat',
  Channels: 'channels',
  InvokerRole: 'invoker',
  BillAction: 'bill-action',
  Schedules: 'schedules',
  CostCheck: 'cost-check',
  HealthCheck: 'health-check',
  AutoStop: 'auto-stop',
  SpendMeter: 'spend-meter',
  ReserveConcurrency: 'reserve-concurrency',
  Switch: 'switch',
  Brake: 'organization-brake',
  RollUp: 'organization-roll-up',
  Report: 'organization-report',
  PeopleViewer: 'viewer',
  PeopleOperator: 'operator',
};

/** Just after a deployment: whoever has a policy of the guard attached has been granted nothing by it, which its name tells. */
export async function grantedRoles(aws: Emulator, environment: string): Promise<readonly GrantedRole[]> {
  const iam = aws.client(IAMClient);
  const { Roles = [] } = await iam.send(new ListRolesCommand({ MaxItems: 1000 }));
  const prefix = `SpendGuard-${environment}-`;
  const names = Roles.flatMap(({ RoleName = '' }) => (RoleName.startsWith(prefix) ? [RoleName] : []));
  return Promise.all(names.map((roleName) => roleOf(iam, environment, roleName, roleName.slice(prefix.length))));
}

async function roleOf(iam: IAMClient, environment: string, roleName: string, rest: string): Promise<GrantedRole> {
  const [, feature] = Object.entries(FEATURES).find(([beginning]) => rest.startsWith(beginning)) ?? [];
  if (feature === undefined) throw new Error(`nobody knows what the role ${roleName} is for`);
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: roleName }));
  const boundary = Role?.PermissionsBoundary?.PermissionsBoundaryArn;
  return {
    environment,
    roleName,
    feature,
    policies: await grantsTo(iam, roleName),
    ...(boundary === undefined ? {} : { boundary: await managed(iam, boundary) }),
  };
}

/** Its own policies and those that are attached to it, but for what denies. */
export async function grantsTo(iam: IAMClient, roleName: string): Promise<readonly NamedPolicy[]> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName: roleName }));
  const inline = await Promise.all(
    PolicyNames.map(async (PolicyName) => {
      const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName: roleName, PolicyName }));
      return { name: PolicyName, document: documentOf(PolicyDocument) };
    }),
  );
  const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: roleName }));
  const own = AttachedPolicies.filter(({ PolicyName = '' }) => !/^spend-guard-switch-|DenyBill/.test(PolicyName));
  return [...inline, ...(await Promise.all(own.map(({ PolicyArn = '' }) => managed(iam, PolicyArn))))];
}

async function managed(iam: IAMClient, PolicyArn: string): Promise<NamedPolicy> {
  const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion } = await iam.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId ?? 'v1' }),
  );
  return { name: PolicyArn, document: documentOf(PolicyVersion?.Document ?? '') };
}

/** IAM answers documents URL-encoded. */
const documentOf = (text: string): unknown => JSON.parse(text.startsWith('{') ? text : decodeURIComponent(text));
