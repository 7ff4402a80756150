import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { reservedConcurrency } from '../../../../lambda/adapters/lambda/reserved-concurrency';
import { NEVER } from '../../../../simulator/fakes/never';

const lambda = mockClient(LambdaClient);
beforeEach(() => lambda.reset());

const answered = (value: unknown, FunctionError?: string) =>
  lambda.on(InvokeCommand).resolves({
    Payload: Buffer.from(JSON.stringify(value)) as never,
    ...(FunctionError === undefined ? {} : { FunctionError }),
  });
const ensure = () => reservedConcurrency('reserve').ensure(NEVER);

test.each([
  { kind: 'kept', concurrency: 2 },
  { kind: 'reserved', concurrency: 2 },
  { kind: 'none', why: 'no room', isOff: true },
  { kind: 'unknown', why: 'Lambda answers ServiceException' },
])('%j comes through', async (answer) => {
  answered(answer);
  expect(await ensure()).toEqual(answer);
  const [call] = lambda.commandCalls(InvokeCommand);
  expect(call!.args[0].input).toEqual({ FunctionName: 'reserve', Payload: '{"command":"ensure"}' });
});

test.each([
  ['an error of the function', { errorMessage: 'no' }, 'Unhandled'],
  ['nothing', null, undefined],
  ['an answer of another kind', { kind: 'kept' }, undefined],
])('%s is no answer', async (_what, value, error) => {
  answered(value, error);
  await expect(ensure()).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
});

test('a refusal of Lambda is a ServiceError', async () => {
  lambda.on(InvokeCommand).rejects(Object.assign(new Error('slow down'), { name: 'TooManyRequestsException' }));
  await expect(ensure()).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
});
