import { ServiceError } from '../../../core/errors';
import { setUp } from './harness';

const DENIED = new ServiceError('accessDenied', 'AccessDeniedException', 'no');

function failing() {
  const one = setUp();
  one.world.desire('stopped');
  one.world.concurrency.list = () => Promise.reject(DENIED);
  return one;
}

test('what fails for an hour is mailed by name, and is a finding for the alarm; a single bad run is neither', async () => {
  const { world, run } = failing();
  await run();
  expect(world.mail.sent).toEqual([]);
  expect(world.metrics.latest('Findings')).toBeUndefined();
  expect(world.metrics.latest('ConcurrencyFailures')).toBe(1);
  world.later(60);
  await run();
  expect(world.mail.sent.map(({ subject }) => subject)).toEqual([
    '[auto-stop] dev: provisioned concurrency of models fails',
  ]);
  expect(world.metrics.latest('Findings')).toBe(1);
});

test('a mail that cannot be sent ends the run in an error, so that Lambda tries again, and is sent by the next', async () => {
  const { world, run } = failing();
  await run();
  world.later(60);
  world.mail.failure = new ServiceError('throttled', 'Throttled', 'slow');
  await expect(run()).rejects.toMatchObject({ refusal: 'throttled' });
  expect(world.metrics.latest('Findings')).toBe(1);
  world.mail.failure = undefined;
  await run();
  expect(world.mail.sent).toHaveLength(1);
});

test('of two runs that tell the same at once, the second one’s record is left: the next run goes on from it', async () => {
  const { world, run } = failing();
  await run();
  world.later(60);
  const { failures } = world;
  const save = failures.saveFailures.bind(failures);
  failures.saveFailures = async (record, replaces) => {
    await save(record, replaces);
    await save(record, replaces);
  };
  await expect(run()).resolves.toMatchObject({ failed: 1 });
  failures.saveFailures = save;
  world.later(15);
  await run();
  expect(world.mail.sent).toHaveLength(1);
});

test('nothing is written while nothing fails', async () => {
  const { world, run } = setUp();
  await run();
  expect(world.failures.item).toBeUndefined();
});

test('an item that is no record of failures: what had to be done is done, and the run says so', async () => {
  const { world, run } = setUp();
  world.desire('stopped');
  world.failures.isUnreadable = true;
  await expect(run()).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
  expect(world.concurrency.value({ functionName: 'models', qualifier: 'live' })).toBe(0);
});
