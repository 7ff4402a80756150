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
      const { named, described } = await likelyOf(client, environment);
      const likely = [...named, ...described];
      const found = await Promise.all(likely.map((one) => taggedFor(client, one, environment)));
      return found.filter((one) => one !== undefined);
    },

    async functionOf(environment, feature) {
      const { named, described } = await likelyOf(client, environment);
      const refused: unknown[] = [];
      // What somebody else's function says of itself is asked about only where nothing is named so.
      for (const likely of [named, described]) {
        const asked = await Promise.allSettled(likely.map((one) => taggedFor(client, one, environment)));
        const found = asked.flatMap((one) => (one.status === 'fulfilled' && one.value ? [one.value] : []));
        const wanted = found.find((one) => one.feature === feature);
        if (wanted) return wanted;
        refused.push(...asked.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : [])));
      }
      const [first] = refused;
      if (first !== undefined) throw first;
      return undefined;
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

/** Of functions that may be the environment's; their tags decide. */
interface Likely {
  /** By the stack's name, with which CloudFormation begins theirs. */
  readonly named: readonly FunctionConfiguration[];
  /** In a stack of somebody else's app: by what a function says of itself, which names the environment. */
  readonly described: readonly FunctionConfiguration[];
}

async function likelyOf(client: LambdaClient, environment: string): Promise<Likely> {
  const all = await allPages(async (marker) => {
    const page = await calling(() =>
      client.send(new ListFunctionsCommand({ Marker: marker }), { abortSignal: timeout(REQUEST_MS) }),
    );
    return { items: page.Functions ?? [], next: page.NextMarker };
  });
  const isNamed = ({ FunctionName }: FunctionConfiguration) =>
    FunctionName?.startsWith(`SpendGuard-${environment}-`) === true;
  return {
    named: all.filter(isNamed),
    described: all.filter((one) => !isNamed(one) && one.Description?.includes(environment) === true),
  };
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
