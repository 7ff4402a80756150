import { BedrockClient, CreateInferenceProfileCommand } from '@aws-sdk/client-bedrock';
import {
  AttachRolePolicyCommand,
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  UpdateAccessKeyCommand,
  UpdateAssumeRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { STSClient } from '@aws-sdk/client-sts';
import { ACCOUNT, REGION } from '../../../local/emulator';
import { bedrock } from '../../../lambda/adapters/bedrock/model-access';
import { bedrockRuntime } from '../../../lambda/adapters/bedrock-runtime/model-call';
import { iamAccessKeys } from '../../../lambda/adapters/iam/access-keys';
import { IamAttachments } from '../../../lambda/adapters/iam/attachments';
import { iamPermissionSetRoles } from '../../../lambda/adapters/iam/permission-set-roles';
import { iamPolicyRoom } from '../../../lambda/adapters/iam/policy-room';
import { serviceQuotas } from '../../../lambda/adapters/service-quotas/quotas';
import { snsSubscriptions } from '../../../lambda/adapters/sns/subscriptions';
import { sts } from '../../../lambda/adapters/sts/identity';
import type { AccessKeysSubject } from '../../contracts/suites/access-keys';
import type { ModelAccessSubject } from '../../contracts/suites/model-access';
import type { PermissionSetRolesSubject } from '../../contracts/suites/permission-set-roles';
import type { PolicyRoomSubject } from '../../contracts/suites/policy-room';
import type { QuotasSubject } from '../../contracts/suites/quotas';
import type { SubscriptionsSubject } from '../../contracts/suites/subscriptions';
import { managedPolicy, policy, roleWith, session, unique } from '../emulator/support';
import type { Account } from './account';
import { principalOf } from './iam';

const MODEL_ID = 'amazon.nova-lite-v1:0';

export function quotas(account: Account): QuotasSubject {
  return {
    port: serviceQuotas(account.client(ServiceQuotasClient)),
    set: (all) => account.aws.control.quotas(all.map(({ name, value }) => ({ QuotaName: name, Value: value }))),
    throttle: () => account.refuse('throttle', 'servicequotas:ListServiceQuotas'),
  };
}

export function policyRoom(account: Account): PolicyRoomSubject {
  const iam = account.client(IAMClient);
  const attachments = new IamAttachments(iam);
  const actions = ['ListAttachedRolePolicies', 'GetAccountSummary'];
  return {
    port: iamPolicyRoom(iam),
    async withPolicies(kind, count) {
      const one = await principalOf(account, kind);
      const arns = await Promise.all(Array.from({ length: count }, () => managedPolicy(account.aws)));
      for (const arn of arns) await attachments.attach(arn, one);
      return { name: one.name, arns };
    },
    throttle: () => account.refuse('throttle', ...actions.map((action) => `iam:${action}`)),
  };
}

export function permissionSetRoles(account: Account): PermissionSetRolesSubject {
  const iam = account.client(IAMClient);
  const provision = async (set: string, policyArns: readonly string[]) => {
    const customerManagedPolicies = policyArns.map((arn) => ({ name: arn.slice(arn.lastIndexOf('/') + 1), path: '/' }));
    const name = unique(set);
    return [
      set,
      (await account.aws.control.identityCenter.provision({ name, customerManagedPolicies })).roleName,
    ] as const;
  };
  return {
    port: iamPermissionSetRoles(iam),
    async provisioned(withPolicy, without) {
      const policyArn = await managedPolicy(account.aws);
      const roles = new Map<string, string>();
      for (const set of withPolicy) roles.set(...(await provision(set, [policyArn])));
      for (const set of without) roles.set(...(await provision(set, [])));
      return { policyArn, rolesOf: (set) => [roles.get(set) ?? ''] };
    },
    async other(policyArn) {
      const one = await principalOf(account, 'role');
      await new IamAttachments(iam).attach(policyArn, one);
      return one.name;
    },
    throttle: () => account.refuse('throttle', 'iam:ListRoles', 'iam:ListEntitiesForPolicy'),
  };
}

export function accessKeys(account: Account): AccessKeysSubject {
  const iam = account.client(IAMClient);
  return {
    port: iamAccessKeys(iam),
    async user(...active) {
      const UserName = unique('user');
      await iam.send(new CreateUserCommand({ UserName }));
      const ids: string[] = [];
      for (const isActive of active) {
        const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
        const AccessKeyId = AccessKey!.AccessKeyId!;
        if (!isActive) await iam.send(new UpdateAccessKeyCommand({ UserName, AccessKeyId, Status: 'Inactive' }));
        ids.push(AccessKeyId);
      }
      return { name: UserName, ids };
    },
    throttle: () => account.refuse('throttle', 'iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'),
  };
}

export async function subscriptions(account: Account): Promise<SubscriptionsSubject> {
  const sns = account.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: unique('topic') }));
  return {
    port: snsSubscriptions(sns),
    topicArn: TopicArn!,
    async subscribe(address, isConfirmed) {
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: address }));
      if (!isConfirmed) await account.aws.control.subscriber(address, false);
    },
    throttle: () => account.refuse('throttle', 'sns:ListSubscriptionsByTopic'),
  };
}

/** As a session of a role of its own: the administrator assumes whatever there is. */
export async function modelAccess(account: Account): Promise<ModelAccessSubject> {
  const iam = account.client(IAMClient);
  const asker = await session(account.aws, { Action: ['sts:AssumeRole', 'bedrock:GetFoundationModel*'] });
  const RoleName = unique('invoker');
  const invoker = await roleWith(account.aws, [{ Action: 'bedrock:InvokeModel' }], RoleName);
  const made = await account.client(BedrockClient).send(
    new CreateInferenceProfileCommand({
      inferenceProfileName: unique('profile'),
      modelSource: { copyFrom: `arn:aws:bedrock:${REGION}::foundation-model/${MODEL_ID}` },
    }),
  );
  // The adapter makes its client itself.
  process.env['AWS_ENDPOINT_URL'] = account.aws.endpoint;
  const port = sts((credentials) => bedrockRuntime(credentials), account.client(STSClient, REGION, asker));
  return {
    identity: port,
    assumeRole: port,
    catalog: bedrock(account.client(BedrockClient, REGION, asker)),
    account: ACCOUNT,
    invoker,
    model: made.inferenceProfileArn!,
    modelId: MODEL_ID,
    async distrust() {
      const service = { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } };
      const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [service] });
      await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument }));
    },
    async deny() {
      const document = policy({ Effect: 'Deny', Action: 'bedrock:InvokeModel' });
      const PolicyArn = await managedPolicy(account.aws, document);
      await iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn }));
    },
  };
}
