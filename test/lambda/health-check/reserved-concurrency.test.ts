import { HOUR_MS } from '../../../core/calendar';
import { ServiceError } from '../../../core/errors';
import { FakeAccountConcurrency } from '../../../simulator/fakes/account-concurrency';
import { findingOf, HealthWorld, scheduled } from '../../helpers/health-world';

const CHECK = 'reserved-concurrency';
const withAccount = (unreserved: number, reserved: number | undefined) => {
  const world = new HealthWorld();
  world.concurrency = new FakeAccountConcurrency(unreserved + (reserved ?? 0), new Map([['meter', reserved]]));
  return world;
};

test('trap 28: what was taken off the meter is put back within the hour, and told once', async () => {
  const world = withAccount(1_000, undefined);
  expect(findingOf(await world.run(), CHECK)).toMatchObject({
    subject: 'meter',
    status: 'warning',
    detail: 'none was set aside for the meter: 2 are again',
  });
  expect(world.concurrency.puts).toEqual([2]);
  expect(world.mail.sent).toHaveLength(1);
  expect(world.mail.sent[0]!.body).toContain('none was set aside for the meter: 2 are again');

  world.now += HOUR_MS;
  expect(findingOf(await world.run(scheduled(world.now)), CHECK).status).toBe('ok');
  expect(world.concurrency.puts).toEqual([2]);
});

test.each([
  ['below the room', 101, [], 'warning'],
  ['at it', 102, [2], 'warning'],
  ['above', 103, [2], 'warning'],
])('an account %s: %i unreserved', async (_what, unreserved, puts, status) => {
  const world = withAccount(unreserved, undefined);
  expect(findingOf(await world.run(), CHECK).status).toBe(status);
  expect(world.concurrency.puts).toEqual(puts);
});

test('an account without room is told how to get some, once', async () => {
  const world = withAccount(10, undefined);
  const finding = findingOf(await world.run(), CHECK);
  expect(finding).toMatchObject({
    status: 'warning',
    detail: expect.stringContaining('the account has 10 unreserved, and 100 must be left'),
    fix: expect.stringContaining('Service Quotas'),
  });
  world.now += HOUR_MS;
  await world.run(scheduled(world.now));
  expect(world.mail.sent).toHaveLength(1);
});

test('zero, with which the meter cannot run, is a failure where it cannot be put back, with the command that lifts it', async () => {
  expect(findingOf(await withAccount(10, 0).run(), CHECK)).toMatchObject({
    status: 'failed',
    fix: 'aws lambda delete-function-concurrency --function-name meter',
  });
  expect(findingOf(await withAccount(1_000, 0).run(), CHECK).status).toBe('warning');
});

test('what Lambda does not say is unknown', async () => {
  const world = withAccount(1_000, undefined);
  world.concurrency.failure = new ServiceError('accessDenied', 'AccessDeniedException', 'no', 403);
  expect(findingOf(await world.run(), CHECK)).toMatchObject({
    status: 'unknown',
    detail: 'not checked: Lambda answers AccessDeniedException',
  });
});
