import {
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListPolicyVersionsCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { temporaryRoles } from '../../../../lambda/adapters/iam/temporary-roles';
import { VERIFY_TAG } from '../../../../core/tags';

const iam = mockClient(IAMClient);
beforeEach(() => iam.reset());

const gone = Object.assign(new Error('gone'), { name: 'NoSuchEntityException', $metadata: { httpStatusCode: 404 } });
const role = (RoleName: string) => ({
  RoleName,
  Path: '/spend-guard-verify/',
  RoleId: 'AROAIOSFODNN7EXAMPLE',
  Arn: `arn:aws:iam::111122223333:role/spend-guard-verify/${RoleName}`,
  CreateDate: new Date(0),
});

test('lists roles over all pages, with the tag that only GetRole tells, and without one that has gone meanwhile', async () => {
  iam
    .on(ListRolesCommand, { PathPrefix: '/spend-guard-verify/', Marker: undefined })
    .resolves({ Roles: [role('a'), role('gone')], IsTruncated: true, Marker: 'm' })
    .on(ListRolesCommand, { Marker: 'm' })
    .resolves({ Roles: [role('b')], IsTruncated: false })
    .on(GetRoleCommand, { RoleName: 'a' })
    .resolves({ Role: { ...role('a'), Tags: [{ Key: VERIFY_TAG, Value: 'run' }] } })
    .on(GetRoleCommand, { RoleName: 'b' })
    .resolves({ Role: { ...role('b'), Tags: [{ Key: 'other', Value: 'x' }] } })
    .on(GetRoleCommand, { RoleName: 'gone' })
    .rejects(gone);
  expect(await temporaryRoles().roles()).toEqual([
    { name: 'a', arn: role('a').Arn, runId: 'run' },
    { name: 'b', arn: role('b').Arn },
  ]);
});

test('a role goes with what all pages say that it has', async () => {
  iam
    .on(ListAttachedRolePoliciesCommand, { Marker: undefined })
    .resolves({ AttachedPolicies: [{ PolicyArn: 'p1' }], IsTruncated: true, Marker: 'm' })
    .on(ListAttachedRolePoliciesCommand, { Marker: 'm' })
    .resolves({ AttachedPolicies: [{ PolicyArn: 'p2' }] })
    .on(ListRolePoliciesCommand, { Marker: undefined })
    .resolves({ PolicyNames: ['own'], IsTruncated: true, Marker: 'm' })
    .on(ListRolePoliciesCommand, { Marker: 'm' })
    .resolves({ PolicyNames: ['more'] })
    .on(DetachRolePolicyCommand, { PolicyArn: 'p1' })
    .rejects(gone);
  await temporaryRoles().removeRole('a');
  const arns = iam.commandCalls(DetachRolePolicyCommand).map(({ args }) => args[0].input.PolicyArn);
  const names = iam.commandCalls(DeleteRolePolicyCommand).map(({ args }) => args[0].input.PolicyName);
  expect([arns, names, iam.commandCalls(DeleteRoleCommand).length]).toEqual([['p1', 'p2'], ['own', 'more'], 1]);
});

test('a policy goes after all of its versions but the one in effect', async () => {
  iam
    .on(ListPolicyVersionsCommand, { Marker: undefined })
    .resolves({ Versions: [{ VersionId: 'v2' }], IsTruncated: true, Marker: 'm' })
    .on(ListPolicyVersionsCommand, { Marker: 'm' })
    .resolves({ Versions: [{ VersionId: 'v1', IsDefaultVersion: true }] });
  await temporaryRoles().removePolicy('arn');
  expect(iam.commandCalls(DeletePolicyVersionCommand).map(({ args }) => args[0].input.VersionId)).toEqual(['v2']);
  expect(iam.commandCalls(DeletePolicyCommand)).toHaveLength(1);
});

test('another refusal than that it is gone is told', async () => {
  iam.on(ListAttachedRolePoliciesCommand).resolves({}).on(ListRolePoliciesCommand).resolves({});
  iam
    .on(DeleteRoleCommand)
    .rejects(Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } }));
  await expect(temporaryRoles().removeRole('a')).rejects.toMatchObject({
    name: 'ServiceError',
    refusal: 'accessDenied',
  });
});
