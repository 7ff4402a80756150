import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { eventually } from '../support/eventually';
import type { LocalGuard } from '../support/local-guard';

/** Those whose next run comes too late to make up for a lost one. */
const FEATURES = ['auto-stop', 'cost-check', 'health-check'];

export function deadLetters(guard: LocalGuard): void {
  test('an event that a function fails at three times is kept in the dead letters, under its own role', async () => {
    const { functions } = guard.of('staging');
    const lambda = guard.aws.client(LambdaClient);
    for (const feature of FEATURES) {
      const FunctionName = functions.names[feature];
      const Payload = JSON.stringify({ source: 'nobody knows' });
      await lambda.send(new InvokeCommand({ FunctionName, InvocationType: 'Event', Payload }));
    }
    const buried = async () =>
      (await guard.aws.control.uses())
        .filter(({ action, allowed }) => action === 'sqs:SendMessage' && allowed)
        .map(({ principal }) => /:role\/SpendGuard-staging-(AutoStop|CostCheck|HealthCheck)/.exec(principal)?.[1])
        .sort();
    await eventually(buried, ['AutoStop', 'CostCheck', 'HealthCheck']);
    expect(await guard.aws.control.undelivered()).toEqual([]);
  });
}
