import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { SwitchDeployPort } from '../../../core/enforcement';
import { ServiceError } from '../../../core/errors';
import { timeout } from '../pace';
import { calling } from '../service-error';

/** A cold start and some calls of IAM; a tick that waits has 50 seconds. */
const REQUEST_MS = 20_000;

/** @param functionName name or ARN of the environment's function that deploys the switch */
export function switchDeploy(functionName: string, client = new LambdaClient({ maxAttempts: 1 })): SwitchDeployPort {
  const order = async (command: 'repair' | 'liftBill') => {
    const answer = await calling(() =>
      client.send(new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify({ command }) }), {
        abortSignal: timeout(REQUEST_MS),
      }),
    );
    if (answer.FunctionError !== undefined) {
      throw new ServiceError('other', `${functionName} ${answer.FunctionError}`, 'its log says why');
    }
  };
  return { repair: () => order('repair'), liftBill: () => order('liftBill') };
}
