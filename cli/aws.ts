import { setTimeout as sleep } from 'node:timers/promises';
import type { Place, Services } from './services';

/**
 * Real adapters, for a Region and the credentials of whoever runs the command. Each loads the part of
 * the SDK that it needs when it is asked for: all of it together would take a second.
 */
export function awsServices({ region }: Place): Services {
  // The adapters' clients take the Region from where Lambda puts it.
  process.env['AWS_REGION'] = region;
  const began = performance.now();
  return {
    get guard() {
      return (require('../lambda/adapters/lambda') as typeof import('../lambda/adapters/lambda')).lambdaDeployedGuard();
    },
    get identity() {
      const { bedrockRuntime } =
        require('../lambda/adapters/bedrock-runtime') as typeof import('../lambda/adapters/bedrock-runtime');
      return (require('../lambda/adapters/sts') as typeof import('../lambda/adapters/sts')).sts(bedrockRuntime);
    },
    get accessKeys() {
      return (require('../lambda/adapters/iam') as typeof import('../lambda/adapters/iam')).iamAccessKeys();
    },
    get account() {
      return (require('../lambda/adapters/iam') as typeof import('../lambda/adapters/iam')).accountSetup();
    },
    get catalog() {
      return (require('../lambda/adapters/bedrock') as typeof import('../lambda/adapters/bedrock')).bedrock();
    },
    get profiles() {
      return (
        require('../lambda/adapters/bedrock') as typeof import('../lambda/adapters/bedrock')
      ).applicationProfiles();
    },
    get usageMetrics() {
      return (
        require('../lambda/adapters/cloudwatch') as typeof import('../lambda/adapters/cloudwatch')
      ).usageMetrics();
    },
    get costTags() {
      const { CostExplorerAdapter } =
        require('../lambda/adapters/cost-explorer') as typeof import('../lambda/adapters/cost-explorer');
      return new CostExplorerAdapter();
    },
    get policyRoom() {
      return (require('../lambda/adapters/iam') as typeof import('../lambda/adapters/iam')).iamPolicyRoom();
    },
    get permissionSetRoles() {
      return (require('../lambda/adapters/iam') as typeof import('../lambda/adapters/iam')).iamPermissionSetRoles();
    },
    switchVersions: (policyArn) =>
      (require('../lambda/adapters/iam') as typeof import('../lambda/adapters/iam')).iamPolicyVersions(policyArn),
    get quotas() {
      return (
        require('../lambda/adapters/service-quotas') as typeof import('../lambda/adapters/service-quotas')
      ).serviceQuotas();
    },
    get subscriptions() {
      return (require('../lambda/adapters/sns') as typeof import('../lambda/adapters/sns')).snsSubscriptions();
    },
    get stackOutputs() {
      return (
        require('../lambda/adapters/cloudformation') as typeof import('../lambda/adapters/cloudformation')
      ).cloudFormationOutputs();
    },
    get channelSecrets() {
      const { secretLooks } = require('./doctor/secret-looks') as typeof import('./doctor/secret-looks');
      const { ssmSecrets } = require('../lambda/adapters/ssm') as typeof import('../lambda/adapters/ssm');
      const { secretsManagerSecrets } =
        require('../lambda/adapters/secrets-manager') as typeof import('../lambda/adapters/secrets-manager');
      const isLocal = isLocalAws();
      return {
        ssm: secretLooks(ssmSecrets(), isLocal),
        secretsmanager: secretLooks(secretsManagerSecrets(), isLocal),
      };
    },
    channelStates: (table) => {
      const { deliveries } = require('../lambda/adapters/dynamodb') as typeof import('../lambda/adapters/dynamodb');
      const { sha256 } = require('../lambda/digest') as typeof import('../lambda/digest');
      return deliveries(table, sha256);
    },
    get hosts() {
      return (require('./doctor/hosts') as typeof import('./doctor/hosts')).resolver(isLocalAws());
    },
    get sesSetup() {
      return (require('../lambda/adapters/sesv2') as typeof import('../lambda/adapters/sesv2')).sesSetup();
    },
    get htmlMail() {
      return (require('../lambda/adapters/sesv2') as typeof import('../lambda/adapters/sesv2')).sesHtmlMail();
    },
    get logGroups() {
      return (
        require('../lambda/adapters/cloudwatch-logs') as typeof import('../lambda/adapters/cloudwatch-logs')
      ).logGroups();
    },
    get invocationLogging() {
      return (require('../lambda/adapters/bedrock') as typeof import('../lambda/adapters/bedrock')).invocationLogging();
    },
    get localModels() {
      return (require('../lambda/adapters/ollama') as typeof import('../lambda/adapters/ollama')).ollama;
    },
    spend: (account) =>
      (require('../lambda/adapters/budgets') as typeof import('../lambda/adapters/budgets')).budgetsCalculatedSpend(
        account,
      ),
    mail: (topicArn) =>
      new (require('../lambda/adapters/sns') as typeof import('../lambda/adapters/sns')).SnsMail(topicArn),
    sessions: (table) =>
      (require('../lambda/adapters/dynamodb') as typeof import('../lambda/adapters/dynamodb')).sessionState(table),
    meterState: (table) => {
      const { meterState, orders } =
        require('../lambda/adapters/dynamodb') as typeof import('../lambda/adapters/dynamodb');
      return { ...meterState(table), ...orders(table) };
    },
    callersBudget: (table, environment) => {
      const { sharedBudget, sharedBudgets } =
        require('../lambda/adapters/dynamodb') as typeof import('../lambda/adapters/dynamodb');
      const { sharedBudgetRelease } = require('./release-budget') as typeof import('./release-budget');
      const { budgetedDocuments } = require('../client/adapters') as typeof import('../client/adapters');
      return {
        ...sharedBudget(table, environment),
        ...sharedBudgets(table, environment),
        ...sharedBudgetRelease(table, environment, budgetedDocuments()),
      };
    },
    callerKeys: (tables) =>
      (require('../lambda/adapters/dynamodb') as typeof import('../lambda/adapters/dynamodb')).callerKeys(tables),
    concurrency: (table) =>
      (
        require('../lambda/adapters/concurrency') as typeof import('../lambda/adapters/concurrency')
      ).concurrencyAdapters(table),
    get verify() {
      return (require('./verify/aws') as typeof import('./verify/aws')).verifyServices();
    },
    pace: {
      elapsedMs: () => performance.now() - began,
      timeout: (ms) => AbortSignal.timeout(Math.ceil(ms)),
    },
    sleep: (ms) => sleep(ms),
  };
}

function isLocalAws(): boolean {
  const { namesLoopback } = require('../lambda/clock') as typeof import('../lambda/clock');
  return namesLoopback(process.env['AWS_ENDPOINT_URL']);
}
