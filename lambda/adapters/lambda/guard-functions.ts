import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { GuardFunctionsPort } from '../../../core/enforcement';
import { timeout } from '../pace';
import { calling } from '../service-error';

const REQUEST_MS = 5_000;
const CONVERGE = JSON.stringify({ command: 'converge' });

/** @param autoStop name or ARN of the environment's auto-stop */
export function guardFunctions(autoStop: string, client = new LambdaClient({ maxAttempts: 2 })): GuardFunctionsPort {
  return {
    async converge() {
      // As an event: Lambda tries again by itself, and nobody waits for provisioned concurrency to change.
      const command = new InvokeCommand({ FunctionName: autoStop, InvocationType: 'Event', Payload: CONVERGE });
      await calling(() => client.send(command, { abortSignal: timeout(REQUEST_MS) }));
    },
  };
}
