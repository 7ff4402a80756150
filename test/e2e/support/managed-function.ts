import { ApplicationAutoScalingClient, RegisterScalableTargetCommand } from '@aws-sdk/client-application-auto-scaling';
import {
  CreateAliasCommand,
  GetProvisionedConcurrencyConfigCommand,
  LambdaClient,
  PutProvisionedConcurrencyConfigCommand,
} from '@aws-sdk/client-lambda';
import type { Emulator } from '../../../local/emulator';
import { functionWith, publishedVersion, roleWith } from '../emulator/support';

export const ALIAS = 'live';
/** Of each managed function, as its owner has provisioned it. */
export const PROVISIONED = 5;

/**
 * A function of the environment's own team, with provisioned concurrency on an alias. Made once.
 * @param scaled whether Application Auto Scaling keeps it there
 */
export async function makeManagedFunction(aws: Emulator, name: string, scaled = false): Promise<void> {
  await functionWith(aws, await roleWith(aws, [], `${name}-role`), name);
  const FunctionVersion = await publishedVersion(aws, name);
  const lambda = aws.client(LambdaClient);
  await lambda.send(new CreateAliasCommand({ FunctionName: name, Name: ALIAS, FunctionVersion }));
  await provision(aws, name, PROVISIONED);
  if (!scaled) return;
  await aws.client(ApplicationAutoScalingClient).send(
    new RegisterScalableTargetCommand({
      ServiceNamespace: 'lambda',
      ScalableDimension: 'lambda:function:ProvisionedConcurrency',
      ResourceId: `function:${name}:${ALIAS}`,
      MinCapacity: PROVISIONED,
      MaxCapacity: 2 * PROVISIONED,
    }),
  );
}

/** As the function's owner. */
export async function provision(aws: Emulator, name: string, count: number): Promise<void> {
  await aws.client(LambdaClient).send(
    new PutProvisionedConcurrencyConfigCommand({
      FunctionName: name,
      Qualifier: ALIAS,
      ProvisionedConcurrentExecutions: count,
    }),
  );
}

/** What is asked for on the alias, and whether it is there; 0 without a configuration. */
export async function provisioned(aws: Emulator, name: string): Promise<{ requested: number; status?: string }> {
  try {
    const { RequestedProvisionedConcurrentExecutions = 0, Status } = await aws
      .client(LambdaClient)
      .send(new GetProvisionedConcurrencyConfigCommand({ FunctionName: name, Qualifier: ALIAS }));
    return { requested: RequestedProvisionedConcurrentExecutions, ...(Status ? { status: Status } : {}) };
  } catch (error) {
    if ((error as Error).name === 'ProvisionedConcurrencyConfigNotFoundException') return { requested: 0 };
    throw error;
  }
}
