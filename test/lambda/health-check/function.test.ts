import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  BedrockClient,
  GetFoundationModelAvailabilityCommand,
  GetFoundationModelCommand,
} from '@aws-sdk/client-bedrock';
import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { CostExplorerClient, ListCostAllocationTagsCommand } from '@aws-sdk/client-cost-explorer';
import {
  GetAccessKeyLastUsedCommand,
  GetAccountSummaryCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListAttachedRolePoliciesCommand,
  ListEntitiesForPolicyCommand,
  ListPolicyVersionsCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListServiceQuotasCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { ListSubscriptionsByTopicCommand, PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { parseHealthCheckEnv, type HealthCheckVariables } from '../../../lambda/health-check/env';
import type { HealthCheckResult } from '../../../lambda/health-check/handler';
import { ENV } from '../../helpers/health-world';

const SECRET = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
const SESSION_TOKEN = 'IQoJb3JpZ2luX2VjEXAMPLETOKEN';
const KEY_ID = 'ASIAIOSFODNN7EXAMPLE';

/** Shipped beside the code. */
const settings = {
  ENVIRONMENT: ENV.ENVIRONMENT,
  MODELS: JSON.stringify(ENV.MODELS.map(({ callAs, ...model }) => ({ ...model, profile: callAs.split('/').at(-1) }))),
};
const PROFILES = ENV.MODELS.map(({ callAs }) => callAs.split('/').at(-1)!);

const { ENVIRONMENT: _environment, MODELS: _models, HELD_PRINCIPALS: _held, ...inVariables } = ENV;
const variables: Omit<HealthCheckVariables, keyof typeof settings> = {
  ...inVariables,
  PARTITION: 'aws',
  PROFILE_IDS: JSON.stringify(Object.fromEntries(PROFILES.map((id) => [id, id]))),
  CANARY: JSON.stringify(ENV.CANARY),
  PRINCIPALS: JSON.stringify({ roles: [], users: ['deployer'], groups: [] }),
  PERMISSION_SETS: JSON.stringify(['Developer']),
  ALERT_EMAILS: JSON.stringify(ENV.ALERT_EMAILS),
  ASSUMED_QUOTAS: JSON.stringify(ENV.ASSUMED_QUOTAS),
};

const mockFolder = mkdtempSync(path.join(tmpdir(), 'spend-guard-settings-'));
writeFileSync(path.join(mockFolder, 'settings.json'), JSON.stringify(settings));
afterAll(() => rmSync(mockFolder, { recursive: true }));
// The sources lie elsewhere than a function's code: the folder alone is another.
jest.mock('../../../lambda/settings', () => {
  const { withSettings } = jest.requireActual<typeof import('../../../lambda/settings')>('../../../lambda/settings');
  return { withSettings: (own: NodeJS.ProcessEnv) => withSettings(own, mockFolder) };
});

const bedrockRuntime = mockClient(BedrockRuntimeClient);
const bedrock = mockClient(BedrockClient);
const costExplorer = mockClient(CostExplorerClient);
const iam = mockClient(IAMClient);
const lambda = mockClient(LambdaClient);
const quotas = mockClient(ServiceQuotasClient);
const sns = mockClient(SNSClient);
const sts = mockClient(STSClient);
const table = mockClient(DynamoDBDocumentClient);
const written: string[] = [];

function refusal(name: string, status: number, message: string): Error {
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });
}

/** Loaded late: the entry reads the environment when it is loaded. */
async function run(event: unknown): Promise<HealthCheckResult> {
  type Entry = { readonly handler: (event: unknown) => Promise<HealthCheckResult> };
  return jest.requireActual<Entry>('../../../lambda/health-check/function').handler(event);
}

beforeEach(() => {
  for (const mock of [bedrockRuntime, bedrock, costExplorer, iam, lambda, quotas, sns, sts, table]) mock.reset();
  Object.assign(process.env, variables);
  written.length = 0;
  const keep = (...chunks: readonly unknown[]) => {
    written.push(chunks.map(String).join(' '));
    return true;
  };
  jest.spyOn(process.stdout, 'write').mockImplementation(keep);
  jest.spyOn(process.stderr, 'write').mockImplementation(keep);
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const)
    jest.spyOn(console, level).mockImplementation((...chunks) => void keep(...chunks));

  sts.on(GetCallerIdentityCommand).resolves({ Account: ENV.ACCOUNT_ID, Arn: 'arn:self' });
  sts.on(AssumeRoleCommand).resolves({
    Credentials: { AccessKeyId: KEY_ID, SecretAccessKey: SECRET, SessionToken: SESSION_TOKEN, Expiration: new Date() },
  });
  bedrock
    .on(GetFoundationModelCommand)
    .resolves({ modelDetails: { modelArn: 'arn', modelId: 'm', modelLifecycle: { status: 'ACTIVE' } } });
  bedrock.on(GetFoundationModelAvailabilityCommand).rejects(refusal('ThrottlingException', 429, 'slow down'));
  bedrockRuntime.on(ConverseCommand).resolves({ usage: { inputTokens: 9, outputTokens: 1, totalTokens: 10 } });
  iam.on(ListAccessKeysCommand).resolves({
    AccessKeyMetadata: [{ AccessKeyId: 'AKIAIOSFODNN7EXAMPLE', CreateDate: new Date('2020-01-01'), Status: 'Active' }],
  });
  iam.on(GetAccessKeyLastUsedCommand).resolves({ AccessKeyLastUsed: { ServiceName: 'N/A', Region: 'N/A' } });
  iam.on(ListAttachedRolePoliciesCommand).resolves({ AttachedPolicies: [] });
  iam.on(ListPolicyVersionsCommand).resolves({ Versions: [] });
  iam.on(ListRolesCommand).resolves({ Roles: [] });
  iam.on(ListEntitiesForPolicyCommand).resolves({ PolicyRoles: [] });
  iam.on(GetAccountSummaryCommand).resolves({
    SummaryMap: {
      AttachedPoliciesPerRoleQuota: 10,
      AttachedPoliciesPerUserQuota: 10,
      AttachedPoliciesPerGroupQuota: 10,
    },
  });
  sns.on(ListSubscriptionsByTopicCommand).resolves({
    Subscriptions: [{ Protocol: 'email', Endpoint: 'ti@dadosfera.ai', SubscriptionArn: 'arn:aws:sns:x' }],
  });
  lambda
    .on(InvokeCommand)
    .resolves({ Payload: Buffer.from(JSON.stringify({ kind: 'kept', concurrency: 2 })) as never });
  costExplorer.on(ListCostAllocationTagsCommand).resolves({ CostAllocationTags: [] });
  quotas.on(ListServiceQuotasCommand).resolves({ Quotas: [] });
  table.on(GetCommand).resolves({});
  table.on(PutCommand).resolves({});
});

afterEach(() => {
  jest.restoreAllMocks();
  for (const name of Object.keys(variables)) delete process.env[name];
});

it('signs the models’ calls with the role’s temporary credentials, and the canary’s with its own', async () => {
  await run({});
  const signedWith = await Promise.all(
    bedrockRuntime.calls().map(async ({ thisValue, args }) => {
      const client = thisValue as BedrockRuntimeClient;
      const { accessKeyId } = await client.config.credentials();
      return [(args[0] as ConverseCommand).input.modelId, accessKeyId];
    }),
  );
  expect(signedWith.filter(([, keyId]) => keyId !== KEY_ID)).toEqual([[ENV.CANARY!.profileArn, 'test']]);
  expect(signedWith).toHaveLength(4);
});

it('asks for one token, without streaming', async () => {
  await run({});
  for (const call of bedrockRuntime.commandCalls(ConverseCommand)) {
    expect(call.args[0].input.inferenceConfig).toEqual({ maxTokens: 1 });
  }
});

it('writes no credentials and no prompt anywhere: not to the log, the result, the table or the mail', async () => {
  bedrockRuntime
    .on(ConverseCommand, { modelId: ENV.MODELS[0]!.callAs })
    .rejects(
      refusal(
        'InvalidSignatureException',
        403,
        `The Canonical String for this request should have been 'POST x-amz-security-token:${SESSION_TOKEN}' with ${SECRET}`,
      ),
    )
    .on(ConverseCommand, { modelId: ENV.MODELS[1]!.callAs })
    .rejects(refusal('AccessDeniedException', 403, `not authorized x-amz-security-token:${SESSION_TOKEN} to do this`));
  const result = await run({ source: 'schedule', scheduledAt: '2026-01-01T00:00:00Z' });

  const prompts = bedrockRuntime
    .commandCalls(ConverseCommand)
    .flatMap(({ args }) => args[0].input.messages!.flatMap(({ content }) => content!.map((block) => block.text!)));
  const mails = sns.commandCalls(PublishCommand).map(({ args }) => JSON.stringify(args[0].input));
  const kept = table.commandCalls(PutCommand).map(({ args }) => JSON.stringify(args[0].input));
  expect([prompts.length, mails.length, kept.length, written.length].every((count) => count > 0)).toBe(true);
  const everything = [...written, JSON.stringify(result), ...mails, ...kept].join('\n');
  for (const secret of [SECRET, SESSION_TOKEN, KEY_ID, 'AKIAIOSFODNN7EXAMPLE', ...prompts]) {
    expect(everything).not.toContain(secret);
  }
});

it('asks IAM for the versions of the switch, and for roles of permission sets with it', async () => {
  await run({});
  expect(iam.commandCalls(ListPolicyVersionsCommand)[0]!.args[0].input).toMatchObject({ PolicyArn: ENV.SWITCH_ARN });
  expect(iam.commandCalls(ListEntitiesForPolicyCommand)[0]!.args[0].input).toMatchObject({ PolicyArn: ENV.SWITCH_ARN });
});

it('keeps the result and the canary in the state table, by pk and sk', async () => {
  await run({ source: 'schedule', scheduledAt: '2026-01-01T00:00:00Z' });
  const items = table.commandCalls(PutCommand).map(({ args }) => args[0].input.Item!);
  expect(items.find(({ pk }) => pk === 'health')).toMatchObject({ sk: 'last', schemaVersion: 1 });
  expect(items.find(({ pk }) => pk === 'canary')).toMatchObject({
    sk: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\dZ$/),
    schemaVersion: 1,
    profileId: 'canary0000',
    inputTokens: 9,
    outputTokens: 1,
    expiresAt: expect.any(Number),
  });
});

it('a wrong environment is one error that names every variable', () => {
  const all = { ...variables, ...settings };
  expect(parseHealthCheckEnv(all)).toMatchObject({ MODELS: ENV.MODELS, CANARY: ENV.CANARY });
  expect(() => parseHealthCheckEnv({ ...all, ACCOUNT_ID: '', MODELS: '[{}]', CANARY: '{' })).toThrow(
    /ACCOUNT_ID.*MODELS\.0\.id.*CANARY/,
  );
});
