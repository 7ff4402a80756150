import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { brakeCall } from '../../../../lambda/adapters/lambda/brake-call';
import { refusal } from '../../../helpers/sdk-refusal';

const lambda = mockClient(LambdaClient);
beforeEach(() => lambda.reset());

test('the brake is asked for one account, without waiting for it', async () => {
  lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
  await brakeCall('brake').converge('111111111111');
  const { Payload, ...input } = lambda.commandCalls(InvokeCommand)[0]!.args[0].input;
  expect(input).toEqual({ FunctionName: 'brake', InvocationType: 'Event' });
  expect(JSON.parse(Payload as unknown as string)).toEqual({ command: 'converge', account: '111111111111' });
});

test.each([
  ['TooManyRequestsException', 429, 'throttled'],
  ['ResourceNotFoundException', 404, 'notFound'],
])('%s is a ServiceError', async (name, status, expected) => {
  lambda.on(InvokeCommand).rejects(refusal(name, status));
  await expect(brakeCall('brake').converge('111111111111')).rejects.toMatchObject({ refusal: expected });
});
