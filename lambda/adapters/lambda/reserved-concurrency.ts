import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import { GuardError } from '../../../core/errors';
import type { ReservedConcurrencyPort, SetAside } from '../../../core/concurrency';
import { calling } from '../service-error';

const ENSURE = JSON.stringify({ command: 'ensure' });

const why = z.string();
const concurrency = z.number();
const answer = z.union([
  z.object({ kind: z.literal('kept'), concurrency }),
  z.object({ kind: z.literal('reserved'), concurrency }),
  z.object({ kind: z.literal('none'), why, isOff: z.boolean() }),
  z.object({ kind: z.literal('unknown'), why }),
]);

/** @param functionName of the environment's reserve-concurrency */
export function reservedConcurrency(
  functionName: string,
  client = new LambdaClient({ maxAttempts: 2 }),
): ReservedConcurrencyPort {
  return {
    async ensure(abortSignal): Promise<SetAside> {
      const command = new InvokeCommand({ FunctionName: functionName, Payload: ENSURE });
      const { FunctionError, Payload } = await calling(() => client.send(command, { abortSignal }));
      const text = Buffer.from(Payload ?? []).toString('utf8');
      const parsed = FunctionError === undefined ? answer.safeParse(jsonOf(text)) : undefined;
      if (parsed?.success) return parsed.data;
      throw new GuardError('ANSWER_INVALID', `${functionName} answers ${FunctionError ?? text.slice(0, 200)}`);
    },
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
