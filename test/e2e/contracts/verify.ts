import { BedrockClient, CreateInferenceProfileCommand } from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { BudgetsClient } from '@aws-sdk/client-budgets';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { MINUTE_MS } from '../../../core/calendar';
import { temporaryProfiles } from '../../../lambda/adapters/bedrock/temporary-profiles';
import { modelRefusal } from '../../../lambda/adapters/bedrock-runtime/model-call';
import { streamCall } from '../../../lambda/adapters/bedrock-runtime/stream-call';
import { temporaryBudgets } from '../../../lambda/adapters/budgets/temporary-budgets';
import { listedSeries } from '../../../lambda/adapters/cloudwatch/listed-series';
import { iamPolicyVersions } from '../../../lambda/adapters/iam/policy-versions';
import { temporaryRoles } from '../../../lambda/adapters/iam/temporary-roles';
import { openSessions } from '../../../lambda/adapters/sts/open-session';
import { ACCOUNT } from '../../../local/emulator';
import type { ListedSeriesSubject } from '../../contracts/suites/listed-series';
import type { OpenSessionSubject } from '../../contracts/suites/open-session';
import type { TemporaryBudgetsSubject } from '../../contracts/suites/temporary-budgets';
import type { TemporaryProfilesSubject } from '../../contracts/suites/temporary-profiles';
import type { TemporaryRolesSubject } from '../../contracts/suites/temporary-roles';
import { policy, roleWith, unique } from '../emulator/support';
import type { Account } from './account';

const MODEL = 'amazon.nova-micro-v1:0';

export function temporaryProfilesOn(account: Account): TemporaryProfilesSubject {
  return {
    port: temporaryProfiles((region) => account.client(BedrockClient, region)),
    region: unique('own'),
    otherRegion: unique('other'),
    async foreign(region, name) {
      const copyFrom = `arn:aws:bedrock:${region}::foundation-model/${MODEL}`;
      const { inferenceProfileArn } = await account
        .client(BedrockClient, region)
        .send(new CreateInferenceProfileCommand({ inferenceProfileName: name, modelSource: { copyFrom } }));
      return inferenceProfileArn!;
    },
    throttle: () =>
      account.refuse(
        'throttle',
        'bedrock:CreateInferenceProfile',
        'bedrock:ListInferenceProfiles',
        'bedrock:DeleteInferenceProfile',
      ),
  };
}

export function temporaryRolesOn(account: Account): TemporaryRolesSubject {
  const iam = account.client(IAMClient);
  return {
    port: temporaryRoles(iam),
    account: ACCOUNT,
    unique,
    addVersion: (arn) => iamPolicyVersions(arn, iam).create(JSON.parse(policy({ Action: 's3:ListBucket' }))),
    throttle: () =>
      account.refuse('throttle', 'iam:CreateRole', 'iam:CreatePolicy', 'iam:ListRoles', 'iam:ListPolicies'),
  };
}

export function temporaryBudgetsOn(account: Account): TemporaryBudgetsSubject {
  return {
    port: temporaryBudgets({ account: ACCOUNT, partition: 'aws' }, account.client(BudgetsClient)),
    prefix: unique('spend-guard-verify'),
    throttle: () => account.refuse('throttle', 'budgets:ModifyBudget', 'budgets:ViewBudget'),
  };
}

export async function listed(account: Account): Promise<ListedSeriesSubject> {
  const client = (region: string) => account.client(CloudWatchClient, region);
  await account.aws.control.setMetrics({ listPage: 1 });
  return {
    port: listedSeries(client),
    region: 'us-east-1',
    otherRegion: 'eu-west-1',
    modelId: unique('opaque'),
    otherId: unique('opaque'),
    async record({ namespace, region, metric, dimensions }) {
      // Points of the control endpoint are of one Region: what another has is none of this one's.
      if (region !== 'us-east-1') return;
      await account.aws.control.points([{ namespace, metric, dimensions, value: 1, at: Date.now() / 1000 }]);
    },
    listLate: (minutes) => account.aws.control.setMetrics({ listDelaySeconds: (minutes * MINUTE_MS) / 1000 }),
    throttle: () => account.refuse('throttle', 'cloudwatch:ListMetrics'),
  };
}

export async function openSession(account: Account): Promise<OpenSessionSubject> {
  const actions = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];
  const roleArn = await roleWith(account.aws, [{ Action: actions }]);
  await account.aws.control.streams(0);
  return {
    port: openSessions((credentials) => {
      const client = account.client(BedrockRuntimeClient, 'us-east-1', credentials);
      return {
        async callOnce(modelId) {
          const messages = [{ role: 'user' as const, content: [{ text: 'Hello?' }] }];
          const { usage } = await client.send(new ConverseCommand({ modelId, messages })).catch((error: unknown) => {
            throw modelRefusal(error);
          });
          return { inputTokens: usage!.inputTokens!, outputTokens: usage!.outputTokens! };
        },
        stream: (...args) => streamCall(client, ...args),
      };
    }, account.client(STSClient)),
    roleArn,
    model: MODEL,
    async deny() {
      await account.client(IAMClient).send(
        new PutRolePolicyCommand({
          RoleName: roleArn.slice(roleArn.lastIndexOf('/') + 1),
          PolicyName: 'deny',
          PolicyDocument: policy({ Effect: 'Deny', Action: actions }),
        }),
      );
    },
    streamSlowly: () => account.aws.control.streams(0.3),
    throttle: () => account.refuse('throttle', 'sts:AssumeRole'),
  };
}
