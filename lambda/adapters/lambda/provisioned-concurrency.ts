import {
  DeleteProvisionedConcurrencyConfigCommand,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  GetProvisionedConcurrencyConfigCommand,
  LambdaClient,
  ListProvisionedConcurrencyConfigsCommand,
  ProvisionedConcurrencyConfigNotFoundException,
  PutProvisionedConcurrencyConfigCommand,
} from '@aws-sdk/client-lambda';
import { isVersion, type ConcurrencyPort, type ProvisionedConfig } from '../../../core/concurrency';
import { GuardError } from '../../../core/errors';
import { timeout } from '../pace';
import { allPages } from '../pages';
import { calling, serviceError } from '../service-error';

/** A request and its one retry; the claim on a record outlives it. */
const REQUEST_MS = 10_000;

interface ConfigAnswer {
  readonly RequestedProvisionedConcurrentExecutions?: number | undefined;
  readonly Status?: string | undefined;
  readonly StatusReason?: string | undefined;
  readonly LastModified?: string | undefined;
}

/**
 * GetFunctionConfiguration rather than GetFunction, whose answer holds a link to the code: nobody here may read that.
 * A qualifier goes apart from the function's name, so that the API and IAM see the same resource.
 */
export function lambdaConcurrency(client = new LambdaClient({ maxAttempts: 2 })): ConcurrencyPort {
  const inTime = () => ({ abortSignal: timeout(REQUEST_MS) });
  return {
    async list(functionName) {
      const configs = await allPages(async (token) => {
        const page = await calling(() =>
          client.send(
            new ListProvisionedConcurrencyConfigsCommand({ FunctionName: functionName, Marker: token, MaxItems: 50 }),
            inTime(),
          ),
        );
        return { items: page.ProvisionedConcurrencyConfigs ?? [], next: page.NextMarker };
      });
      return configs.map((config) => {
        const qualifier = config.FunctionArn?.split(':')[7];
        if (!qualifier) {
          throw new GuardError(
            'ANSWER_INVALID',
            `provisioned concurrency without a qualified ARN, got '${config.FunctionArn}'`,
          );
        }
        return { qualifier, ...configOf(config, `${functionName}:${qualifier}`) };
      });
    },

    async config({ functionName, qualifier }) {
      const command = new GetProvisionedConcurrencyConfigCommand({ FunctionName: functionName, Qualifier: qualifier });
      const answer = await orNone(() => client.send(command, inTime()));
      return answer && configOf(answer, `${functionName}:${qualifier}`);
    },

    async details(target) {
      const { functionName: FunctionName, qualifier } = target;
      const alias = isVersion(target)
        ? undefined
        : await calling(() => client.send(new GetAliasCommand({ FunctionName, Name: qualifier }), inTime()));
      const version = await calling(() =>
        client.send(new GetFunctionConfigurationCommand({ FunctionName, Qualifier: qualifier }), inTime()),
      );
      const functionVersion = alias?.FunctionVersion ?? version.Version;
      const revisionId = alias ? alias.RevisionId : version.RevisionId;
      if (!functionVersion || !revisionId || !version.MemorySize) {
        throw new GuardError('ANSWER_INVALID', `${FunctionName}:${qualifier} came without version, revision or memory`);
      }
      return {
        functionVersion,
        revisionId,
        weighted: Object.keys(alias?.RoutingConfig?.AdditionalVersionWeights ?? {}).length > 0,
        memoryMb: version.MemorySize,
        // Lambda's own default.
        architecture: version.Architectures?.[0] === 'arm64' ? 'arm64' : 'x86_64',
      };
    },

    async put({ functionName, qualifier }, value) {
      await calling(() =>
        client.send(
          new PutProvisionedConcurrencyConfigCommand({
            FunctionName: functionName,
            Qualifier: qualifier,
            ProvisionedConcurrentExecutions: value,
          }),
          inTime(),
        ),
      );
    },

    async remove({ functionName, qualifier }) {
      const input = { FunctionName: functionName, Qualifier: qualifier };
      await orNone(() => client.send(new DeleteProvisionedConcurrencyConfigCommand(input), inTime()));
    },
  };
}

/** Undefined where there is no configuration, which is a 404 like a function that does not exist. @throws ServiceError */
async function orNone<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ProvisionedConcurrencyConfigNotFoundException) return undefined;
    throw serviceError(error);
  }
}

function configOf(answer: ConfigAnswer, of: string): ProvisionedConfig {
  const { RequestedProvisionedConcurrentExecutions: requested, Status, StatusReason } = answer;
  const lastModifiedMs = Date.parse(answer.LastModified ?? '');
  const status = (['READY', 'IN_PROGRESS', 'FAILED'] as const).find((one) => one === Status);
  if (!requested || !status || Number.isNaN(lastModifiedMs)) {
    throw new GuardError('ANSWER_INVALID', `provisioned concurrency of ${of} came without value, status or date`);
  }
  return { requested, status, lastModifiedMs, ...(StatusReason ? { statusReason: StatusReason } : {}) };
}
