import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { utcMonth } from '../../../core/calendar';
import { formatUsd, usd } from '../../../core/money';
import { concurrencyState } from '../../../lambda/adapters/dynamodb/concurrency-state';
import { meterState } from '../../../lambda/adapters/dynamodb/meter-state';
import type { Mail } from '../../../local/control';
import { spendGuardAt } from '../support/cli';
import { eventually } from '../support/eventually';
import type { LocalGuard } from '../support/local-guard';
import { provisioned, PROVISIONED } from '../support/managed-function';
import { remainsOf } from '../support/remains';
import { BUDGET_OWNER, CONFIG, HELD, OWNER } from '../support/tiers';
import { ENVIRONMENT, type Story } from './story';

/** A process of its own takes as long as ten ticks: asked in one of so many schedules. */
const STATUS_EACH = 4;
const MANAGED = [`models-${ENVIRONMENT}`, `models-${ENVIRONMENT}-plain`];

const AS_BEFORE = { requested: PROVISIONED, status: 'READY' };

/** Once the faults have passed: everybody is denied, everything was told, and the state says why. */
export async function stopped(guard: LocalGuard, story: Story): Promise<void> {
  const { deny, stateTable } = story.environment;
  const everybody = [
    `group ${HELD.group}`,
    expect.stringMatching(new RegExp(`^role SpendGuard-${ENVIRONMENT}-InvokerRole`)),
    `role ${HELD.role}`,
    `user ${HELD.user}`,
  ];
  expect(await guard.inEffect(ENVIRONMENT)).toBe('stopped');
  expect(await guard.holdersOf(deny.switch)).toEqual(everybody);

  told(await story.mails(), story.doubtful);

  const { now } = story.month;
  const state = await meterState(stateTable, guard.aws.client(DynamoDBClient)).latest(utcMonth(now));
  expect(state).toMatchObject({
    month: utcMonth(now),
    desired: 'stopped',
    claimedUntil: 0,
    outbox: [],
    enforcement: { toldAutoStop: 'stopped', pagedOpen: [] },
    decision: { desired: 'stopped' },
  });
  const spent = usd(Math.round(story.spent * 100) / 100);
  expect(state?.decision.lastKnown?.monthToDate).toBe(spent);
  if (story.schedule.seed % STATUS_EACH !== 0) return;
  const status = await spendGuardAt(guard.aws, now, CONFIG, 'status', '--env', ENVIRONMENT);
  expect(status.output).toMatch(/stopped/);
  expect(status.output).toContain(formatUsd(spent));
}

/** Each line to each of both once; again only what a run sent that then did not end in order. */
function told(mails: readonly Mail[], doubtful: readonly Mail[]): void {
  for (const to of [OWNER, BUDGET_OWNER]) {
    const own = mails.filter((mail) => mail.to === to);
    const text = own.map(({ message }) => message).join('\n');
    for (const percent of [50, 75, 90, 95]) expect(text).toContain(`${percent}% (`);
    const lines = own.filter(({ subject }) => /\d% of \$[\d.]+ reached/.test(subject));
    const again = lines.filter((mail, at) => lines.findIndex(({ subject }) => subject === mail.subject) < at);
    const unexplained = again.filter(
      ({ subject }) => !doubtful.some((mail) => mail.to === to && mail.subject === subject),
    );
    expect(unexplained.map(({ subject }) => subject)).toEqual([]);
  }
}

/** Auto-stop has lowered what it manages, and knows what it owes. */
export async function lowered(guard: LocalGuard): Promise<void> {
  for (const name of MANAGED) expect([name, await provisioned(guard.aws, name)]).toEqual([name, { requested: 0 }]);
}

/** Nothing of the environment is left, and everybody has what he had. */
export async function gone(guard: LocalGuard): Promise<void> {
  expect(await remainsOf(guard.aws, ENVIRONMENT)).toEqual({});
  for (const name of MANAGED) await eventually(() => provisioned(guard.aws, name), AS_BEFORE);
}

/** Once it was resumed nobody is denied, and nothing is owed to anybody. */
export async function released(guard: LocalGuard, story: Story): Promise<void> {
  const { deny, stateTable, profiles, invokerArn } = story.environment;
  expect(await guard.inEffect(ENVIRONMENT)).toBe('open');
  expect(await guard.holdersOf(deny.bill)).toEqual([]);
  expect(await guard.call(profiles.pro, invokerArn)).toBe('answered');
  for (const name of MANAGED) await eventually(() => provisioned(guard.aws, name), AS_BEFORE);
  const { records } = await concurrencyState(stateTable, guard.aws.client(DynamoDBClient)).records();
  expect(records.filter(({ status }) => status !== 'closed' && status !== 'warming')).toEqual([]);
}
