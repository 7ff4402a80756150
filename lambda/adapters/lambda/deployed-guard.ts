import {
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  ListTagsCommand,
  type FunctionConfiguration,
} from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import { GuardError } from '../../../core/errors';
import type { DeployedFunction, DeployedGuardPort } from '../../../core/enforcement';
import { ENVIRONMENT_TAG, FUNCTION_TAG } from '../../../core/tags';
import { timeout } from '../pace';
import { allPages } from '../pages';
import { calling } from '../service-error';

const REQUEST_MS = 10_000;
/** The longest of the guard's functions that are run by hand ends after two minutes. */
const INVOCATION_MS = 150_000;

const errorShape = z.object({ errorType: z.optional(z.string()), errorMessage: z.optional(z.string()) });

/** An invocation is never repeated by the client: the functions mail and record what they do. */
export function lambdaDeployedGuard(
  client = new LambdaClient({}),
  invoking = new LambdaClient({ maxAttempts: 1 }),
): DeployedGuardPort {
  return {
    async functions(environment) {
      const likely = await likelyOf(client, environment);
      const found = await Promise.all(likely.map((one) => taggedFor(client, one, environment)));
      return found.filter((one) => one !== undefined);
    },

    async functionOf(environment, feature) {
      const likely = await likelyOf(client, environment);
      const asked = await Promise.allSettled(likely.map((one) => taggedFor(client, one, environment)));
      const found = asked.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []));
      const wanted = found.find((one) => one.feature === feature);
      const unseen = asked.find((one) => one.status === 'rejected');
      if (wanted === undefined && unseen) throw unseen.reason;
      return wanted;
    },

    async invoke(functionName, event) {
      const { FunctionError, Payload } = await calling(() =>
        invoking.send(new InvokeCommand({ FunctionName: functionName, Payload: Buffer.from(JSON.stringify(event)) }), {
          abortSignal: timeout(INVOCATION_MS),
        }),
      );
      const value = payloadOf(Payload, functionName);
      if (FunctionError === undefined) return { kind: 'returned', value };
      const error = errorShape.safeParse(value);
      const { errorType, errorMessage } = error.success ? error.data : {};
      return { kind: 'failed', errorName: errorType ?? FunctionError, text: errorMessage ?? 'no message' };
    },
  };
}

/** CloudFormation's names begin with the stack's: the tags, which decide, are asked for these alone. */
async function likelyOf(client: LambdaClient, environment: string): Promise<readonly FunctionConfiguration[]> {
  const all = await allPages(async (marker) => {
    const page = await calling(() =>
      client.send(new ListFunctionsCommand({ Marker: marker }), { abortSignal: timeout(REQUEST_MS) }),
    );
    return { items: page.Functions ?? [], next: page.NextMarker };
  });
  return all.filter(({ FunctionName }) => FunctionName?.startsWith(`SpendGuard-${environment}-`));
}

async function taggedFor(
  client: LambdaClient,
  { FunctionName, FunctionArn, Environment }: FunctionConfiguration,
  environment: string,
): Promise<DeployedFunction | undefined> {
  if (FunctionName === undefined || FunctionArn === undefined) return undefined;
  const { Tags = {} } = await calling(() =>
    client.send(new ListTagsCommand({ Resource: FunctionArn }), { abortSignal: timeout(REQUEST_MS) }),
  );
  const feature = Tags[FUNCTION_TAG];
  if (Tags[ENVIRONMENT_TAG] !== environment || feature === undefined) return undefined;
  return { name: FunctionName, feature, variables: Environment?.Variables ?? {} };
}

function payloadOf(payload: Uint8Array | undefined, functionName: string): unknown {
  const text = Buffer.from(payload ?? []).toString('utf8');
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new GuardError('ANSWER_INVALID', `${functionName} answered with something that is not JSON`);
  }
}
