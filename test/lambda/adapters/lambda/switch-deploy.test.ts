import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { switchDeploy } from '../../../../lambda/adapters/lambda/switch-deploy';

const client = mockClient(LambdaClient);
const port = switchDeploy('arn:aws:lambda:us-east-1:111122223333:function:switch', client as unknown as LambdaClient);
beforeEach(() => client.reset());

test.each(['repair', 'liftBill'] as const)(
  '%s is an invocation that is waited for, with the order alone',
  async (command) => {
    client.on(InvokeCommand).resolves({ StatusCode: 200 });
    await port[command]();
    expect(client.calls().map(({ args }) => args[0].input)).toEqual([
      { FunctionName: 'arn:aws:lambda:us-east-1:111122223333:function:switch', Payload: JSON.stringify({ command }) },
    ]);
  },
);

test('a function that has failed has not carried it out, though the invocation was taken', async () => {
  client.on(InvokeCommand).resolves({ StatusCode: 200, FunctionError: 'Unhandled' });
  await expect(port.repair()).rejects.toMatchObject({
    name: 'ServiceError',
    refusal: 'other',
    errorName: expect.stringContaining('Unhandled'),
  });
});

test.each([
  ['ResourceNotFoundException', 404, 'notFound'],
  ['TooManyRequestsException', 429, 'throttled'],
  ['AbortError', undefined, 'timedOut'],
])('%s is a refusal, and not tried again in the same tick', async (name, httpStatusCode, kind) => {
  client.on(InvokeCommand).rejects(Object.assign(new Error('x'), { name, $metadata: { httpStatusCode } }));
  await expect(port.liftBill()).rejects.toMatchObject({ name: 'ServiceError', refusal: kind });
  expect(client.calls()).toHaveLength(1);
});
