import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { HOUR_MS, monthStart, previousMonth, utcMonth } from '../../core/calendar';
import { usd } from '../../core/money';
import { orders } from '../../lambda/adapters/dynamodb/meter-state';
import { ordered } from './faults/ordered';
import { gone, lowered, released, stopped } from './faults/invariants';
import { scheduleOf, scheduleText, TEARDOWN } from './faults/schedule';
import { ENVIRONMENT, Story } from './faults/story';
import { Tally } from './faults/tally';
import { LocalGuard } from './support/local-guard';
import { spendAt, tickAt } from './support/month';
import { CONFIG } from './support/tiers';

/** `npm run test:e2e:long` plays 200; a failure says how to play its own again. */
const SCHEDULES = Number(process.env['E2E_FAULT_SCHEDULES'] ?? 20);
const FIRST_SEED = Number(process.env['E2E_FAULT_SEED'] ?? Date.now() % 1_000_000);
/** In so many each kind is dealt, often enough to show. */
const ENOUGH = 20;

const guard = new LocalGuard();
const tally = new Tally();
beforeAll(async () => {
  await guard.start();
  await guard.aws.control.readyAfter(0.1);
  await guard.deploy(ENVIRONMENT);
  await stopInThePast();
});
afterAll(() => guard.stop());

/**
 * The meter calls auto-stop without a time. It then goes by the machine's month, which the meter has not evaluated after a
 * month that ended stopped: and leaves everything as it is.
 */
async function stopInThePast(): Promise<void> {
  const environment = guard.of(ENVIRONMENT);
  const month = previousMonth(utcMonth(Date.now()));
  await tickAt(environment, monthStart(month) + HOUR_MS);
  for (let day = 1; day <= 6; day++) await spendAt(guard, environment, 17, monthStart(month) + day * 24 * HOUR_MS);
  await tickAt(environment, monthStart(month) + 8 * 24 * HOUR_MS);
}

describe('a fault that is ordered', () => ordered(guard));

const seeds = Array.from({ length: SCHEDULES }, (_, at) => FIRST_SEED + at);
test.each(seeds)('schedule %d: whatever goes wrong on the way, it is stopped, told and let go', async (seed) => {
  const schedule = scheduleOf(seed);
  try {
    const story = await Story.begin(guard, schedule, tally);
    await story.runAway();
    await story.settle();
    await stopped(guard, story);
    await story.converge(schedule.lowering);
    await lowered(guard);
    await end(story);
  } catch (error) {
    throw new Error(`${scheduleText(schedule)}\n${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
});

async function end(story: Story): Promise<void> {
  if (story.schedule.ending === 'teardown') return destroy();
  if (story.schedule.ending === 'turn') await story.turn();
  else await override(story);
  await story.settle();
  await story.converge(story.schedule.restoring);
  await released(guard, story);
}

/** As `spend-guard resume` gives it, by the clock of the story. */
async function override({ month, environment, spent }: Story): Promise<void> {
  const since = month.now;
  await orders(environment.stateTable, guard.aws.client(DynamoDBClient)).give({
    kind: 'override',
    override: {
      since,
      by: 'a test',
      reason: 'seen enough',
      limit: usd(Math.ceil(spent) * 2),
      until: since + 24 * HOUR_MS,
    },
  });
}

/** While IAM fails the teardown, the stack stays; then it goes, and comes again for those that follow. */
async function destroy(): Promise<void> {
  await guard.aws.control.faults.inject({
    action: TEARDOWN.actions[0]!,
    kind: 'error',
    count: 1_000,
    by: 'SwitchDeploy',
  });
  const failed = await guard.cdk.destroy(ENVIRONMENT).then(
    () => false,
    () => true,
  );
  const [rule] = await guard.aws.control.faults.list();
  await guard.aws.control.faults.clear();
  if ((rule?.fired ?? 0) > 0) tally.count(TEARDOWN.kind, failed);
  await guard.cdk.destroy(ENVIRONMENT);
  await gone(guard);
  await guard.redeploy(ENVIRONMENT, CONFIG);
  await stopInThePast();
}

test('every kind of fault has struck, and has changed what came of a run', () => {
  process.stdout.write(`E2E_FAULT_SEED=${FIRST_SEED} E2E_FAULT_SCHEDULES=${SCHEDULES}\n${tally.table()}\n`);
  expect(SCHEDULES < ENOUGH ? [] : tally.silent()).toEqual([]);
});
