import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { BrakeCallPort } from '../../../core/organization';
import { timeout } from '../pace';
import { calling } from '../service-error';

const REQUEST_MS = 5_000;

/** @param brake name or ARN of organization-brake */
export function brakeCall(brake: string, client = new LambdaClient({ maxAttempts: 2 })): BrakeCallPort {
  return {
    async converge(account) {
      const Payload = JSON.stringify({ command: 'converge', account });
      // As an event: Lambda tries again by itself, and nobody waits for AWS Organizations.
      const command = new InvokeCommand({ FunctionName: brake, InvocationType: 'Event', Payload });
      await calling(() => client.send(command, { abortSignal: timeout(REQUEST_MS) }));
    },
  };
}
