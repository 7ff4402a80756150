import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationAutoScalingClient, RegisterScalableTargetCommand } from '@aws-sdk/client-application-auto-scaling';
import {
  CreateAliasCommand,
  LambdaClient,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { targetKey } from '../../../core/concurrency/target';
import { accountConcurrency } from '../../../lambda/adapters/lambda/account-concurrency';
import { applicationAutoScaling } from '../../../lambda/adapters/application-auto-scaling/scaling';
import { lambdaConcurrency } from '../../../lambda/adapters/lambda/provisioned-concurrency';
import type { AccountConcurrencySubject } from '../../contracts/suites/account-concurrency';
import type { ConcurrencySubject } from '../../contracts/suites/concurrency';
import type { ScalingSubject } from '../../contracts/suites/scaling';
import { functionWith, publishedVersion, roleWith, unique } from '../emulator/support';
import type { Account } from './account';

/** Shorter than the emulator's own second. */
const READY_AFTER_S = 0.2;

export async function concurrency(account: Account): Promise<ConcurrencySubject> {
  const lambda = account.client(LambdaClient);
  await account.aws.control.readyAfter(READY_AFTER_S);
  const nextVersion = async (functionName: string) => {
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: functionName, Description: unique('v') }));
    return publishedVersion(account.aws, functionName);
  };
  return {
    port: lambdaConcurrency(lambda),
    async deploy(...aliases) {
      const arn = await functionWith(account.aws, await roleWith(account.aws, []));
      const FunctionName = arn.slice(arn.lastIndexOf(':') + 1);
      const FunctionVersion = await publishedVersion(account.aws, FunctionName);
      for (const Name of aliases) await lambda.send(new CreateAliasCommand({ FunctionName, Name, FunctionVersion }));
      return FunctionName;
    },
    async divide({ functionName: FunctionName, qualifier: Name }) {
      const AdditionalVersionWeights = { [await nextVersion(FunctionName)]: 0.1 };
      await lambda.send(new UpdateAliasCommand({ FunctionName, Name, RoutingConfig: { AdditionalVersionWeights } }));
    },
    async redeploy({ functionName: FunctionName, qualifier: Name }) {
      const FunctionVersion = await nextVersion(FunctionName);
      await lambda.send(new UpdateAliasCommand({ FunctionName, Name, FunctionVersion }));
    },
    allocated: () => sleep(READY_AFTER_S * 1000 + 50),
    throttle: () =>
      account.refuse(
        'throttle',
        ...['ListProvisionedConcurrencyConfigs', 'GetProvisionedConcurrencyConfig', 'GetAlias'].map(action),
        ...['PutProvisionedConcurrencyConfig', 'DeleteProvisionedConcurrencyConfig'].map(action),
      ),
  };
}

/** A function of its own, as what is reserved is of the account. */
export async function accountConcurrencyOf(account: Account): Promise<AccountConcurrencySubject> {
  const arn = await functionWith(account.aws, await roleWith(account.aws, []));
  const operations = ['GetAccountSettings', 'GetFunctionConcurrency', 'PutFunctionConcurrency'];
  return {
    port: accountConcurrency(account.client(LambdaClient)),
    functionName: arn.slice(arn.lastIndexOf(':') + 1),
    throttle: () => account.refuse('throttle', ...operations.map(action)),
  };
}

const action = (operation: string) => `lambda:${operation}`;

export function scaling(account: Account): ScalingSubject {
  const client = account.client(ApplicationAutoScalingClient);
  return {
    port: applicationAutoScaling(client),
    target: () => ({ functionName: unique('function'), qualifier: 'live' }),
    async register(target, { min, max }) {
      await client.send(
        new RegisterScalableTargetCommand({
          ServiceNamespace: 'lambda',
          ScalableDimension: 'lambda:function:ProvisionedConcurrency',
          ResourceId: `function:${targetKey(target)}`,
          MinCapacity: min,
          MaxCapacity: max,
        }),
      );
    },
    throttle: () =>
      account.refuse(
        'throttle',
        'application-autoscaling:DescribeScalableTargets',
        'application-autoscaling:RegisterScalableTarget',
      ),
  };
}
