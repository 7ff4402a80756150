import {
  BedrockClient,
  GetFoundationModelAvailabilityCommand,
  GetFoundationModelCommand,
} from '@aws-sdk/client-bedrock';
import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  GetAccessKeyLastUsedCommand,
  GetAccountSummaryCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import { ListServiceQuotasCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import type { UtcMonth } from '../../../core/calendar';
import { healthDocument } from '../../../core/health/document';
import type { HealthRecord } from '../../../core/health/record';
import { bedrock } from '../../../lambda/adapters/bedrock/model-access';
import { healthState } from '../../../lambda/adapters/dynamodb/health-state';
import { iamAccessKeys } from '../../../lambda/adapters/iam/access-keys';
import { iamPermissionSetRoles } from '../../../lambda/adapters/iam/permission-set-roles';
import { iamPolicyRoom } from '../../../lambda/adapters/iam/policy-room';
import { serviceQuotas } from '../../../lambda/adapters/service-quotas/quotas';
import { snsSubscriptions } from '../../../lambda/adapters/sns/subscriptions';
import { FakeHealthState } from '../../../simulator/fakes/health-state';

const signal = new AbortController().signal;

describe('IAM', () => {
  const iam = mockClient(IAMClient);
  beforeEach(() => iam.reset());

  it('lists a user’s keys over all pages', async () => {
    const key = (id: string, Status: 'Active' | 'Inactive') => ({
      AccessKeyId: id,
      CreateDate: new Date('2026-10-01T00:00:00Z'),
      Status,
    });
    iam
      .on(ListAccessKeysCommand, { UserName: 'u', Marker: undefined })
      .resolves({ AccessKeyMetadata: [key('a', 'Active')], IsTruncated: true, Marker: 'next' })
      .on(ListAccessKeysCommand, { UserName: 'u', Marker: 'next' })
      .resolves({ AccessKeyMetadata: [key('b', 'Inactive')], IsTruncated: false });
    const createdAtMs = Date.parse('2026-10-01T00:00:00Z');
    expect(await iamAccessKeys().keysOf('u', signal)).toEqual([
      { id: 'a', createdAtMs, active: true },
      { id: 'b', createdAtMs, active: false },
    ]);
  });

  it('says when a key was last used; one never used has service N/A and no date', async () => {
    iam
      .on(GetAccessKeyLastUsedCommand)
      .resolves({ AccessKeyLastUsed: { ServiceName: 'N/A', Region: 'N/A', LastUsedDate: undefined } });
    expect(await iamAccessKeys().lastUse('a', signal)).toEqual({});
    iam
      .on(GetAccessKeyLastUsedCommand)
      .resolves({ AccessKeyLastUsed: { ServiceName: 'bedrock', Region: 'us-east-1', LastUsedDate: new Date(5) } });
    expect(await iamAccessKeys().lastUse('a', signal)).toEqual({ atMs: 5, service: 'bedrock' });
  });

  it.each([
    ['role', ListAttachedRolePoliciesCommand],
    ['user', ListAttachedUserPoliciesCommand],
    ['group', ListAttachedGroupPoliciesCommand],
  ] as const)('lists what is attached to a %s over all pages', async (kind, command) => {
    iam
      .on(command as never)
      .resolvesOnce({ AttachedPolicies: [{ PolicyArn: 'arn:1' }], IsTruncated: true, Marker: 'm' })
      .resolvesOnce({ AttachedPolicies: [{ PolicyArn: 'arn:2' }], IsTruncated: false });
    expect(await iamPolicyRoom().attached(kind, 'n', signal)).toEqual(['arn:1', 'arn:2']);
  });

  it('a marker that repeats is an error, not a loop for ever', async () => {
    iam.on(ListAttachedRolePoliciesCommand).resolves({ AttachedPolicies: [], IsTruncated: true, Marker: 'm' });
    await expect(iamPolicyRoom().attached('role', 'n', signal)).rejects.toMatchObject({ code: 'PAGE_TOKEN_REPEATED' });
  });

  describe('roles of permission sets', () => {
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

  it('reads the account’s quotas, and refuses an answer without them', async () => {
    iam.on(GetAccountSummaryCommand).resolves({
      SummaryMap: {
        AttachedPoliciesPerRoleQuota: 20,
        AttachedPoliciesPerUserQuota: 10,
        AttachedPoliciesPerGroupQuota: 10,
      },
    });
    expect(await iamPolicyRoom().quotas(signal)).toEqual({ role: 20, user: 10, group: 10 });
    iam.on(GetAccountSummaryCommand).resolves({ SummaryMap: {} });
    await expect(iamPolicyRoom().quotas(signal)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
  });
});

describe('SNS', () => {
  const sns = mockClient(SNSClient);

  it('tells confirmed from pending and deleted e-mail subscriptions, over all pages', async () => {
    const page = (Protocol: string, Endpoint: string, SubscriptionArn: string) => ({
      Protocol,
      Endpoint,
      SubscriptionArn,
    });
    sns
      .on(ListSubscriptionsByTopicCommand, { TopicArn: 't', NextToken: undefined })
      .resolves({
        Subscriptions: [
          page('email', 'a@x.org', 'arn:aws:sns:us-east-1:1:t:1'),
          page('lambda', 'arn:fn', 'arn:aws:sns:us-east-1:1:t:2'),
        ],
        NextToken: 'n',
      })
      .on(ListSubscriptionsByTopicCommand, { TopicArn: 't', NextToken: 'n' })
      .resolves({
        Subscriptions: [page('email', 'b@x.org', 'PendingConfirmation'), page('email-json', 'c@x.org', 'Deleted')],
      });
    expect(await snsSubscriptions().emails('t', signal)).toEqual([
      { address: 'a@x.org', state: 'confirmed' },
      { address: 'b@x.org', state: 'pending' },
      { address: 'c@x.org', state: 'deleted' },
    ]);
  });
});

describe('Service Quotas', () => {
  const quotas = mockClient(ServiceQuotasClient);

  it('lists Bedrock’s applied quotas by name, over all pages', async () => {
    quotas
      .on(ListServiceQuotasCommand, { ServiceCode: 'bedrock', NextToken: undefined })
      .resolves({ Quotas: [{ QuotaName: 'a', Value: 1 }], NextToken: 'n' })
      .on(ListServiceQuotasCommand, { ServiceCode: 'bedrock', NextToken: 'n' })
      .resolves({ Quotas: [{ QuotaName: 'b', Value: 2 }, { QuotaName: 'no value' }] });
    expect(await serviceQuotas().applied(signal)).toEqual([
      { name: 'a', value: 1 },
      { name: 'b', value: 2 },
    ]);
  });
});

describe('Bedrock', () => {
  const client = mockClient(BedrockClient);
  beforeEach(() => client.reset());

  it('reads the lifecycle, with an end of life or without', async () => {
    client.on(GetFoundationModelCommand, { modelIdentifier: 'm' }).resolves({
      modelDetails: {
        ...{ modelArn: 'arn', modelId: 'm' },
        modelLifecycle: {
          ...{ status: 'LEGACY', legacyTime: new Date(5), publicExtendedAccessTime: new Date(6) },
          endOfLifeTime: new Date(7),
        },
      },
    });
    const dates = { legacyMs: 5, extendedAccessMs: 6, endOfLifeMs: 7 };
    expect(await bedrock().lifecycle('m', signal)).toEqual({ status: 'legacy', ...dates });
    client
      .on(GetFoundationModelCommand)
      .resolves({ modelDetails: { modelArn: 'arn', modelId: 'm', modelLifecycle: { status: 'ACTIVE' } } });
    expect(await bedrock().lifecycle('m', signal)).toEqual({ status: 'active' });
  });

  it('refuses a lifecycle status that it does not know: unknown is not active', async () => {
    for (const modelDetails of [undefined, { modelLifecycle: { status: 'RETIRED' } }]) {
      client.on(GetFoundationModelCommand).resolves({ modelDetails } as never);
      await expect(bedrock().lifecycle('m', signal)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
    }
  });

  it('reads the availability', async () => {
    client.on(GetFoundationModelAvailabilityCommand).resolves({
      modelId: 'm',
      agreementAvailability: { status: 'NOT_AVAILABLE' },
      authorizationStatus: 'AUTHORIZED',
      entitlementAvailability: 'NOT_AVAILABLE',
      regionAvailability: 'AVAILABLE',
    });
    expect(await bedrock().availability('m', signal)).toEqual({
      agreement: 'NOT_AVAILABLE',
      authorized: true,
      entitled: false,
      inRegion: true,
    });
  });
});

describe('the state table', () => {
  const table = mockClient(DynamoDBDocumentClient);
  const state = healthState('state', new DynamoDBClient({}));
  beforeEach(() => table.reset());

  const record: HealthRecord = {
    schemaVersion: 1,
    revision: 4,
    scheduledAtMs: 1,
    savedAtMs: 2,
    document: healthDocument('dev', 0, { source: 'schedule', scheduledAt: '2026-11-23T09:00:00Z' }, [
      { check: 'quota', subject: 's', status: 'warning', detail: 'd', tell: 't' },
    ]),
    told: { 'quota s': 'warning: t' },
    outbox: [{ subject: 's', body: 'b' }],
  };

  it('gives back what was saved', async () => {
    table.on(PutCommand).resolves({});
    await state.save(record, 3);
    const { Item, ConditionExpression, ExpressionAttributeValues } = table.commandCalls(PutCommand)[0]!.args[0].input;
    expect([ConditionExpression, ExpressionAttributeValues]).toEqual(['revision = :replaces', { ':replaces': 3 }]);
    table
      .on(GetCommand, { TableName: 'state', Key: { pk: 'health', sk: 'last' }, ConsistentRead: true })
      .resolves({ Item: Item! });
    expect(await state.last(signal)).toEqual(record);
  });

  it('has no last result at first, and then only one run may write', async () => {
    table.on(GetCommand).resolves({});
    expect(await state.last(signal)).toBeUndefined();
    table.on(PutCommand).rejects(new ConditionalCheckFailedException({ message: 'no', $metadata: {} }));
    await expect(state.save(record, 0)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect(table.commandCalls(PutCommand)[0]!.args[0].input.ConditionExpression).toBe('attribute_not_exists(pk)');
  });

  it('the fake keeps the same promise', async () => {
    const fake = new FakeHealthState();
    await fake.save({ ...record, revision: 1 }, 0);
    await expect(fake.save(record, 0)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await fake.save({ ...record, revision: 2 }, 1);
    expect((await fake.last())?.revision).toBe(2);
  });

  it.each([{}, { ...record, schemaVersion: 2 }, { ...record, told: 7 }, { ...record, document: {} }])(
    'refuses an item that is no record of version 1',
    async (Item) => {
      table.on(GetCommand).resolves({ Item });
      await expect(state.last(signal)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
    },
  );

  it('reads what the meter wants this month, and refuses a state that it does not know', async () => {
    const month = '2026-11' as UtcMonth;
    table
      .on(GetCommand, { TableName: 'state', Key: { pk: 'meter', sk: month } })
      .resolves({ Item: { desired: 'degraded', more: 1 } });
    expect(await state.desired(month, signal)).toBe('degraded');
    table.on(GetCommand).resolves({});
    expect(await state.desired('2026-12' as UtcMonth, signal)).toBeUndefined();
    table.on(GetCommand).resolves({ Item: { desired: 'asleep' } });
    await expect(state.desired(month, signal)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
  });
});
