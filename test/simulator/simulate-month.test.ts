import { DAY_MS, HOUR_MS, type UtcMonth } from '../../core/calendar';
import type { EnvironmentConfig } from '../../config/guard-config';
import { usd } from '../../core/money';
import { scenarios } from '../../simulator/scenarios';
import { simulateMonth, type MonthResult } from '../../simulator/simulate-month';
import type { GuardStack } from '../../simulator/template/guard-stack';
import { countingCostCheck, environment, guardStack, type Changes } from './guard';

const month = '2026-03' as UtcMonth;
const scenario = (name: string) => scenarios.find((one) => one.name === name)!;

async function play(
  name: string,
  config: EnvironmentConfig = environment(),
  stack: GuardStack = guardStack(config),
  seed = 1,
) {
  const costCheck = countingCostCheck();
  const options = { environments: [config], stacks: [stack], scenario: scenario(name), month, seed };
  const result = await simulateMonth({ ...options, functions: { 'cost-check': costCheck.deploy } });
  return { result, runs: costCheck.runs, outcome: result.environments[0]! };
}

describe('a month', () => {
  test('a quiet one: some 42% spent, no alert, nothing stopped, and a report each day', async () => {
    const { result, outcome, runs } = await play('quiet-month');
    expect(result.violations).toEqual([]);
    expect(outcome.spent).toBeGreaterThan(usd(41));
    expect(outcome.spent).toBeLessThan(usd(43));
    expect(outcome.alerts).toEqual([]);
    expect(outcome.stops).toEqual([]);
    const counts = result.journal.counts('test', 'cost-check');
    expect(runs).toHaveLength(counts.invoked);
    expect(counts.invoked).toBe(31 + counts.duplicates);
    expect(runs[0]).toEqual({ source: 'schedule', scheduledAt: '2026-03-01T11:00:00Z' });
    expect(result.journal.mails).toHaveLength(31);
  });

  test('a slow overrun is announced before it is stopped', async () => {
    const { result, outcome } = await play('slow-overrun');
    expect(result.violations).toEqual([]);
    const [stop] = outcome.stops;
    const half = outcome.alerts.find(({ type, atPercent }) => type === 'ACTUAL' && atPercent === 50)!;
    expect(stop!.attachedMs! - half.atMs).toBeGreaterThan(2 * DAY_MS);
    expect(outcome.spent).toBeLessThan(usd(110));
    expect(outcome.refused).toBeGreaterThan(usd(30));
  });

  test('the bill stops a runaway, hours after it really crossed the line', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const config = environment();
      const { result, outcome } = await play('runaway', config, guardStack(config), seed);
      expect(result.violations).toEqual([]);
      const late = outcome.stops[0]!.attachedMs! - outcome.stopLineReachedMs!;
      expect(late).toBeGreaterThanOrEqual(3 * HOUR_MS);
      expect(late).toBeLessThanOrEqual(17 * HOUR_MS);
      expect(outcome.afterStopLine).toBeGreaterThan(usd(50));
      expect(outcome.beyondLimit).toBeGreaterThan(usd(40));
      expect(outcome.stops[0]!.onFalseBill).toBe(false);
    }
  });

  test('where a person must approve, the stop is later by as long as they take', async () => {
    const config = environment({ billAction: { kind: 'needsApproval', atPercent: 95 } });
    const { result, outcome } = await play('runaway', config);
    expect(result.violations).toEqual([]);
    expect(outcome.stops[0]!.attachedMs! - outcome.stops[0]!.triggeredMs).toBe(6 * HOUR_MS);
    // Meanwhile the runaway goes on, at 20% of the limit an hour.
    expect(outcome.spent - outcome.stops[0]!.spent).toBeGreaterThan(5 * 0.2 * config.limit);
  });

  test('trap 19: a false bill stops nonProduction although little was used, and production asks a person, who declines', async () => {
    const automatic = await play('billing-error');
    expect(automatic.result.violations).toEqual([]);
    expect(automatic.outcome.stops).toMatchObject([
      { onFalseBill: true, needsApproval: false, attachedMs: expect.any(Number) },
    ]);
    expect(automatic.outcome.stopLineReachedMs).toBeUndefined();
    expect(automatic.outcome.refused).toBeGreaterThan(usd(5));
    const asked = await play('billing-error', environment({ billAction: { kind: 'needsApproval', atPercent: 95 } }));
    expect(asked.result.violations).toEqual([]);
    expect(asked.outcome.stops).toMatchObject([{ onFalseBill: true, needsApproval: true }]);
    expect(asked.outcome.stops[0]!.attachedMs).toBeUndefined();
    expect(asked.outcome.refused).toBe(0);
  });

  test('one environment is the same month whether it is played alone or beside another', async () => {
    const one = environment();
    const other = environment({ name: 'other', models: environment().models.slice(0, 1) });
    const both = {
      environments: [other, one],
      stacks: [guardStack(one), guardStack(other)],
      scenario: scenario('runaway'),
      month,
      seed: 7,
    };
    const functions = { 'cost-check': countingCostCheck().deploy };
    const beside = await simulateMonth({ ...both, functions });
    const alone = await simulateMonth({
      ...both,
      environments: [one],
      functions: { 'cost-check': countingCostCheck().deploy },
    });
    expect(beside.environments[1]).toEqual(alone.environments[0]);
  });
});

describe('other configurations hold in every scenario', () => {
  const automatic = (atPercent: number) => ({ kind: 'automatic' as const, atPercent });
  test.each<[what: string, config: EnvironmentConfig]>([
    ['an account of its own, models called directly', environment({ identity: 'direct' })],
    ['no budgets action', environment({ billAction: { kind: 'none' } })],
    ['an action above the limit', environment({ billAction: automatic(120) })],
    ['a person who approves', environment({ billAction: { kind: 'needsApproval', atPercent: 95 } })],
    ['one model', environment({ models: environment().models.slice(0, 1) })],
    ['a limit of five dollars', environment({ limit: usd(5) })],
    ['a limit of a hundred thousand dollars', environment({ limit: usd(100_000) })],
    [
      'more callers',
      environment({ principals: { roles: [{ name: 'batch', path: '/' }], users: [], groups: [], permissionSets: [] } }),
    ],
  ])('%s', async (_what, config) => {
    const roles = [{ Ref: 'InvokerRole' }, ...config.principals.roles.map(({ name }) => name)];
    const action =
      config.billAction.kind === 'none' ? {} : { 'BillAction.Properties.Definition.IamActionDefinition.Roles': roles };
    const stack = guardStack(config, action);
    for (const { name } of scenarios.filter((one) => one.name !== 'cost-explorer-down')) {
      expect([name, (await play(name, config, stack)).result.violations]).toEqual([name, []]);
    }
  });
});

describe('a wrong template shows', () => {
  const schedule = 'CheckSchedule.Properties';
  const action = 'BillAction.Properties';
  test.each<[what: string, scenario: string, changes: Changes, says: string]>([
    ['no schedule', 'quiet-month', { CheckSchedule: undefined }, 'cost-check never ran'],
    ['a schedule that is disabled', 'quiet-month', { [`${schedule}.State`]: 'DISABLED' }, 'cost-check never ran'],
    [
      'a schedule in another zone',
      'quiet-month',
      { [`${schedule}.ScheduleExpressionTimezone`]: 'UTC' },
      '31 of 31 daily reports',
    ],
    [
      'a weekly schedule',
      'quiet-month',
      { [`${schedule}.ScheduleExpression`]: 'cron(0 8 ? * MON *)' },
      'of 31 daily reports',
    ],
    ['nobody subscribed', 'quiet-month', { Subscription1: undefined }, 'does not reach the owners'],
    ['no budgets action', 'runaway', { BillAction: undefined }, "the bill's stop did not come"],
    [
      'an action that asks where it should act',
      'runaway',
      { [`${action}.ApprovalModel`]: 'MANUAL' },
      "the bill's stop asks a person",
    ],
    ['an action far too early', 'quiet-month', { [`${action}.ActionThreshold.Value`]: 9.5 }, 'below its line'],
    [
      'an action on nobody',
      'runaway',
      { [`${action}.Definition.IamActionDefinition.Roles`]: [] },
      'went on after the stop',
    ],
    [
      'an action with a policy from elsewhere',
      'runaway',
      { [`${action}.Definition.IamActionDefinition.PolicyArn`]: 'arn:else' },
      "the bill's stop did not come",
    ],
    [
      'a policy that denies something else',
      'runaway',
      { 'DenyBill.Properties.PolicyDocument.Statement.0.Action': 's3:*' },
      'went on after the stop',
    ],
    [
      "a budget of another environment's tag",
      'runaway',
      { 'Budget.Properties.Budget.FilterExpression.And.0.Tags.Values': ['else'] },
      'no alert came',
    ],
    ['a profile without its tag', 'runaway', { 'Profile1.Properties.Tags': [] }, 'no alert came'],
    [
      'a threshold that moved',
      'slow-overrun',
      { 'Budget.Properties.NotificationsWithSubscribers.0.Notification.Threshold': 60 },
      'passed 50% and no alert came',
    ],
  ])('%s', async (_what, name, changes, says) => {
    const config = environment();
    const { result } = await play(name, config, guardStack(config, changes));
    expect(result.violations.join('\n')).toContain(says);
  });

  test('an environment without a stack, and a scheduled function nobody knows, cannot be played', async () => {
    const config = environment();
    await expect(play('quiet-month', environment({ name: 'lost' }), guardStack(config))).rejects.toThrow(
      /no synthesized stack carries the tag of environment 'lost'/,
    );
    const stranger = guardStack(config, { 'Check.Properties.Tags': undefined });
    await expect(play('quiet-month', config, stranger)).rejects.toThrow(/CheckSchedule of test runs .* does not know/);
  });
});

describe('runs', () => {
  const config = environment();
  const failing = async (times: number): Promise<MonthResult> => {
    const { deploy } = countingCostCheck();
    let left = times;
    const options = {
      environments: [config],
      stacks: [guardStack(config)],
      scenario: scenario('quiet-month'),
      month,
      seed: 1,
    };
    return simulateMonth({
      ...options,
      functions: {
        'cost-check': (site) => {
          const inner = deploy(site);
          return async (event) => {
            if (left-- > 0) throw new Error('throttled');
            return inner(event);
          };
        },
      },
    });
  };

  test('a run that fails is repeated twice, as the template says, and nothing is lost', async () => {
    const result = await failing(2);
    expect(result.violations).toEqual([]);
    expect(result.journal.counts('test', 'cost-check')).toMatchObject({ failed: 2, deadLetters: 0 });
  });

  test('a run that fails three times is given up, which is said with its error', async () => {
    const result = await failing(3);
    expect(result.violations.join('\n')).toContain('1 runs of cost-check were given up: throttled');
    expect(result.violations.join('\n')).toContain('1 of 31 daily reports did not come, first 2026-03-01 11:00');
  });

  test('a report sent again for a delivery that came twice is noticed', async () => {
    const options = {
      environments: [config],
      stacks: [guardStack(config)],
      scenario: scenario('quiet-month'),
      month,
      seed: 1,
    };
    const result = await simulateMonth({
      ...options,
      functions: {
        'cost-check':
          ({ spec, mail }) =>
          async () =>
            mail(spec.variables['ALERT_TOPIC_ARN']!, { subject: 'again', body: '' }),
      },
    });
    expect(result.journal.counts('test', 'cost-check').duplicates).toBeGreaterThan(0);
    expect(result.violations.join('\n')).toContain('was sent more than once');
  });

  test('a figure in a report while Cost Explorer is down is noticed', async () => {
    const { result } = await play('cost-explorer-down');
    expect(result.violations.join('\n')).toContain(
      'Cost Explorer was down and the report of 2026-03-14 11:00 gives a figure',
    );
  });
});
