import type { ResourceResponse } from '../../../core/enforcement/ports';
import { ServiceError } from '../../../core/errors';
import { makeHandler } from '../../../lambda/reserve-concurrency/handler';
import { LEFT_FOR_OTHERS, RESERVED } from '../../../lambda/reserve-concurrency/set-aside';
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
  const returned = await makeHandler(
    {
      concurrency,
      cloudFormation: { respond: async (_request, response) => void answers.push(response) },
      log: () => {},
    },
    { FUNCTION_NAME: 'meter' },
  )(requestType === 'ensure' ? { command: 'ensure' } : event(requestType));
  return { answer: answers[0], puts: concurrency.puts, returned };
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

describe('the health check asks, and is told what became of it', () => {
  const noRoom = (unreserved: number, isOff: boolean) => ({
    kind: 'none',
    why: `the account has ${unreserved} unreserved, and 100 must be left`,
    isOff,
  });

  test.each([
    ['there as it was deployed', { unreserved: 998, reserved: 2 }, { kind: 'kept', concurrency: 2 }, []],
    ['as somebody else has it', { unreserved: 999, reserved: 1 }, { kind: 'kept', concurrency: 1 }, []],
    ['taken off, with room', { unreserved: 102 }, { kind: 'reserved', concurrency: 2 }, [2]],
    ['taken off, without', { unreserved: 101 }, noRoom(101, false), []],
    ['set to zero, with room', { unreserved: 102, reserved: 0 }, { kind: 'reserved', concurrency: 2 }, [2]],
    ['set to zero, without', { unreserved: 10, reserved: 0 }, noRoom(10, true), []],
    [
      'refused',
      { unreserved: 1000, refuses: 'AccessDeniedException' },
      { kind: 'unknown', why: 'Lambda answers AccessDeniedException' },
      [],
    ],
  ])('%s', async (_what, account, expected, puts) => {
    expect(await run(account, 'ensure')).toEqual({ answer: undefined, puts, returned: expected });
  });

  test('a request of CloudFormation that says the same is one of CloudFormation', async () => {
    const concurrency = new FakeAccountConcurrency(1000, new Map([['meter', undefined]]));
    const answers: ResourceResponse[] = [];
    const cloudFormation = { respond: async (_: unknown, response: ResourceResponse) => void answers.push(response) };
    const handler = makeHandler({ concurrency, cloudFormation, log: () => {} }, { FUNCTION_NAME: 'meter' });
    expect(await handler({ ...event('Update'), command: 'ensure' })).toBeUndefined();
    expect(answers).toHaveLength(1);
  });
});

test('room that goes between the look and the request is no failure, and known to be none', async () => {
  const concurrency = new FakeAccountConcurrency(1000, new Map([['meter', undefined]]));
  concurrency.reserve = async () => {
    throw new ServiceError('invalid', 'InvalidParameterValueException', 'no room', 400);
  };
  const handler = makeHandler({ concurrency, cloudFormation: {} as never, log: () => {} }, { FUNCTION_NAME: 'meter' });
  expect(await handler({ command: 'ensure' })).toEqual({
    kind: 'none',
    why: 'Lambda answers InvalidParameterValueException',
    isOff: false,
  });
});
