import { IAMClient, ListEntitiesForPolicyCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { iamPermissionSetRoles } from '../../../../lambda/adapters/iam/permission-set-roles';

const signal = new AbortController().signal;

describe('roles of permission sets', () => {
  const iam = mockClient(IAMClient);
  beforeEach(() => iam.reset());

  const PathPrefix = '/aws-reserved/sso.amazonaws.com/';
  const role = (name: string, region = '') => ({
    Path: `${PathPrefix}${region}`,
    RoleName: `AWSReservedSSO_${name}_0123456789abcdef`,
    RoleId: 'AROAIOSFODNN7EXAMPLE',
    Arn: `arn:aws:iam::111122223333:role${PathPrefix}${region}AWSReservedSSO_${name}_0123456789abcdef`,
    CreateDate: new Date('2026-10-01T00:00:00Z'),
  });

  it('lists all under the path of IAM Identity Center, over all pages', async () => {
    iam
      .on(ListRolesCommand, { PathPrefix, Marker: undefined })
      .resolves({ Roles: [role('Dev')], IsTruncated: true, Marker: 'm' })
      .on(ListRolesCommand, { PathPrefix, Marker: 'm' })
      .resolves({ Roles: [role('Ops', 'eu-west-1/')], IsTruncated: false });
    expect(await iamPermissionSetRoles().roles(signal)).toEqual([
      'AWSReservedSSO_Dev_0123456789abcdef',
      'AWSReservedSSO_Ops_0123456789abcdef',
    ]);
  });

  it('lists those with a policy, over all pages, and none of a policy that is gone', async () => {
    const asked = { PolicyArn: 'arn:switch', EntityFilter: 'Role', PathPrefix } as const;
    const page = (name: string) => ({ PolicyRoles: [role(name)], PolicyUsers: [], PolicyGroups: [] });
    iam
      .on(ListEntitiesForPolicyCommand, { ...asked, Marker: undefined })
      .resolves({ ...page('Dev'), IsTruncated: true, Marker: 'm' })
      .on(ListEntitiesForPolicyCommand, { ...asked, Marker: 'm' })
      .resolves({ ...page('Ops'), IsTruncated: false });
    expect(await iamPermissionSetRoles().rolesWith('arn:switch', signal)).toHaveLength(2);
    const gone = Object.assign(new Error('gone'), {
      name: 'NoSuchEntityException',
      $metadata: { httpStatusCode: 404 },
    });
    iam.on(ListEntitiesForPolicyCommand).rejects(gone);
    expect(await iamPermissionSetRoles().rolesWith('arn:switch', signal)).toEqual([]);
  });

  it('a refusal is a ServiceError, and a marker that repeats no loop', async () => {
    const refused = Object.assign(new Error('no'), { name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
    iam.on(ListRolesCommand).rejects(refused);
    iam.on(ListEntitiesForPolicyCommand).rejects(refused);
    await expect(iamPermissionSetRoles().roles(signal)).rejects.toMatchObject({ refusal: 'accessDenied' });
    await expect(iamPermissionSetRoles().rolesWith('arn:s', signal)).rejects.toMatchObject({
      refusal: 'accessDenied',
    });
    iam.on(ListRolesCommand).resolves({ Roles: [], IsTruncated: true, Marker: 'm' });
    await expect(iamPermissionSetRoles().roles(signal)).rejects.toMatchObject({ code: 'PAGE_TOKEN_REPEATED' });
  });
});
