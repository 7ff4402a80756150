import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { guardFunctions } from '../../../../lambda/adapters/lambda/guard-functions';
import { refusal } from '../../../helpers/sdk-refusal';

describe('auto-stop', () => {
  const lambda = mockClient(LambdaClient);
  beforeEach(() => lambda.reset());

  test('is asked to converge, without waiting for it', async () => {
    lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
    await guardFunctions('auto-stop').converge();
    const { Payload, ...input } = lambda.commandCalls(InvokeCommand)[0]!.args[0].input;
    expect(input).toEqual({ FunctionName: 'auto-stop', InvocationType: 'Event' });
    expect(JSON.parse(Payload as unknown as string)).toEqual({ command: 'converge' });
  });

  test.each([
    ['TooManyRequestsException', 429, 'throttled'],
    ['ResourceNotFoundException', 404, 'notFound'],
  ])('%s is a ServiceError', async (name, status, expected) => {
    lambda.on(InvokeCommand).rejects(refusal(name, status));
    await expect(guardFunctions('auto-stop').converge()).rejects.toMatchObject({ refusal: expected });
  });
});
