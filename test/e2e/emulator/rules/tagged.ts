import { BedrockClient, CreateInferenceProfileCommand, DeleteInferenceProfileCommand } from '@aws-sdk/client-bedrock';
import { BudgetsClient, CreateBudgetCommand } from '@aws-sdk/client-budgets';
import { CreatePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { ACCOUNT, type Credentials, type Emulator } from '../../../../local/emulator';
import { outcome, policy, session, unique, type Rule, type Statement } from '../support';

const SOURCE = 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0';
const OTHER_SOURCE = 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-pro-v1:0';
const PROFILES = `arn:aws:bedrock:us-east-1:${ACCOUNT}:application-inference-profile/*`;
const ANYBODY = policy({ Action: 'sts:AssumeRole' }).replace('"Resource":"*"', '"Principal":{"AWS":"*"}');

const profile = (emulator: Emulator, as?: Credentials, tag?: string, copyFrom = SOURCE) =>
  emulator.client(BedrockClient, as).send(
    new CreateInferenceProfileCommand({
      inferenceProfileName: unique('tagged'),
      modelSource: { copyFrom },
      ...(tag === undefined ? {} : { tags: [{ key: 'run', value: tag }] }),
    }),
  );

async function outcomes(
  emulator: Emulator,
  statements: readonly Statement[],
  ...calls: readonly ((as: Credentials) => Promise<unknown>)[]
): Promise<readonly string[]> {
  const as = await session(emulator, ...statements);
  const all: string[] = [];
  for (const call of calls) all.push(await outcome(() => call(as)));
  return all;
}

const DENIED = 'AccessDeniedException';

/** Resources and actions of a request that makes something with tags, or of something that has them. */
export const taggedRules: readonly Rule[] = [
  {
    name: 'a profile is made of what the policy names, and of nothing else',
    aws: ['ok', DENIED],
    observe: (emulator) =>
      outcomes(
        emulator,
        [{ Action: 'bedrock:CreateInferenceProfile', Resource: [PROFILES, SOURCE] }],
        (as) => profile(emulator, as),
        (as) => profile(emulator, as, undefined, OTHER_SOURCE),
      ),
  },
  {
    name: 'a profile that is made with tags is tagged as well',
    aws: ['ok', DENIED],
    observe: (emulator) =>
      outcomes(
        emulator,
        [{ Action: 'bedrock:CreateInferenceProfile' }],
        (as) => profile(emulator, as),
        (as) => profile(emulator, as, 'one'),
      ),
  },
  {
    name: 'a profile goes by its ARN, where the policy asks for a tag that it has',
    aws: ['ok', DENIED],
    async observe(emulator) {
      const made = [await profile(emulator, undefined, 'one'), await profile(emulator)];
      const remove = (at: number) => (as: Credentials) =>
        emulator
          .client(BedrockClient, as)
          .send(new DeleteInferenceProfileCommand({ inferenceProfileIdentifier: made[at]!.inferenceProfileArn! }));
      const Condition = { StringLike: { 'aws:ResourceTag/run': '*' } };
      return outcomes(
        emulator,
        [{ Action: 'bedrock:DeleteInferenceProfile', Resource: PROFILES, Condition }],
        remove(0),
        remove(1),
      );
    },
  },
  {
    name: 'a role that is made under a path is asked for under it, and with tags needs TagRole',
    aws: ['ok', 'AccessDenied', 'AccessDenied'],
    observe(emulator) {
      const role =
        (Path: string, more: object = {}) =>
        (as: Credentials) =>
          emulator
            .client(IAMClient, as)
            .send(
              new CreateRoleCommand({ RoleName: unique('tagged'), Path, AssumeRolePolicyDocument: ANYBODY, ...more }),
            );
      return outcomes(
        emulator,
        [{ Action: 'iam:CreateRole', Resource: `arn:aws:iam::${ACCOUNT}:role/own/*` }],
        role('/own/'),
        role('/other/'),
        role('/own/', { Tags: [{ Key: 'run', Value: 'one' }] }),
      );
    },
  },
  {
    name: 'a policy that is made under a path is asked for under it, and with tags needs TagPolicy',
    aws: ['ok', 'AccessDenied', 'AccessDenied'],
    observe(emulator) {
      const made =
        (Path: string, more: object = {}) =>
        (as: Credentials) =>
          emulator.client(IAMClient, as).send(
            new CreatePolicyCommand({
              PolicyName: unique('tagged'),
              Path,
              PolicyDocument: policy({ Action: 's3:ListBucket' }),
              ...more,
            }),
          );
      return outcomes(
        emulator,
        [{ Action: 'iam:CreatePolicy', Resource: `arn:aws:iam::${ACCOUNT}:policy/own/*` }],
        made('/own/'),
        made('/other/'),
        made('/own/', { Tags: [{ Key: 'run', Value: 'one' }] }),
      );
    },
  },
  {
    name: 'a budget is made by its name, and with tags needs TagResource',
    aws: ['ok', DENIED, DENIED],
    observe(emulator) {
      const budget =
        (prefix: string, more: object = {}) =>
        (as: Credentials) =>
          emulator.client(BudgetsClient, as).send(
            new CreateBudgetCommand({
              AccountId: ACCOUNT,
              Budget: {
                BudgetName: unique(prefix),
                BudgetType: 'COST',
                TimeUnit: 'MONTHLY',
                BudgetLimit: { Amount: '1', Unit: 'USD' },
              },
              ...more,
            }),
          );
      return outcomes(
        emulator,
        [{ Action: 'budgets:ModifyBudget', Resource: `arn:aws:budgets::${ACCOUNT}:budget/own-*` }],
        budget('own'),
        budget('other'),
        budget('own', { ResourceTags: [{ Key: 'run', Value: 'one' }] }),
      );
    },
  },
];
