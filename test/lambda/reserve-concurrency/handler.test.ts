import type { ResourceResponse } from '../../../core/ports/cloudformation';
import { ServiceError } from '../../../core/ports/service-error';
import { LEFT_FOR_OTHERS, makeHandler, RESERVED } from '../../../lambda/reserve-concurrency/handler';
import { FakeAccountConcurrency } from '../../../simulator/fakes/account-concurrency';

const event = (RequestType: string) => ({
  RequestType,
  ResponseURL: 'https://cloudformation.example/answer',
  StackId: 'stack',
  RequestId: 'request',
  LogicalResourceId: 'Reserve',
});

async function run(account: { unreserved: number; reserved?: number; refuses?: string }, requestType = 'Create') {
  const answers: ResourceResponse[] = [];
  const concurrency = new FakeAccountConcurrency(
    account.unreserved + (account.reserved ?? 0),
    new Map([['meter', account.reserved]]),
  );
  if (account.refuses) concurrency.failure = new ServiceError('invalid', account.refuses, 'no room', 400);
  await makeHandler(
    {
      concurrency,
      cloudFormation: { respond: async (_request, response) => void answers.push(response) },
      log: () => {},
    },
    { FUNCTION_NAME: 'meter' },
  )(event(requestType));
  return { answer: answers[0], puts: concurrency.puts };
}

test.each([
  ['just below', LEFT_FOR_OTHERS + RESERVED - 1, []],
  ['at', LEFT_FOR_OTHERS + RESERVED, [RESERVED]],
  ['above', 1000, [RESERVED]],
  ['trap 28: a new account', 10, []],
])('%s the room: %i unreserved', async (_name, unreserved, expected) => {
  const { answer, puts } = await run({ unreserved });
  expect(puts).toEqual(expected);
  expect(answer?.status).toBe('SUCCESS');
  expect(answer?.data?.['Reserved']).toMatch(
    expected.length > 0 ? /^2$/ : new RegExp(`^none: the account has ${unreserved}`),
  );
});

test('what is reserved already is left as it is', async () => {
  const { answer, puts } = await run({ unreserved: 1000, reserved: 5 }, 'Update');
  expect(puts).toEqual([]);
  expect(answer?.data).toEqual({ Reserved: '5' });
});

test('trap 28: a refusal never fails the deployment', async () => {
  const { answer } = await run({ unreserved: 1000, refuses: 'InvalidParameterValueException' });
  expect(answer).toMatchObject({
    status: 'SUCCESS',
    data: { Reserved: 'none: Lambda answers InvalidParameterValueException' },
  });
});

test('deleting changes nothing', async () => {
  expect(await run({ unreserved: 1000 }, 'Delete')).toMatchObject({ puts: [], answer: { status: 'SUCCESS' } });
});

test('an event that cannot be answered is an error', async () => {
  const deps = { concurrency: {} as never, cloudFormation: {} as never, log: () => {} };
  await expect(makeHandler(deps, { FUNCTION_NAME: 'meter' })({})).rejects.toMatchObject({ code: 'EVENT_INVALID' });
});
