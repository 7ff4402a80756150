import { DAY_MS, HOUR_MS } from '../../../core/calendar';
import { usd, type NanoUsd } from '../../../core/money';
import { seededRandom } from '../../../simulator/random';
import type { ActionSpec, BudgetSpec, NotificationSpec } from '../../../simulator/template/budgets';
import { Timeline } from '../../../simulator/timeline';
import { SimulatedBudget, type BudgetsWorld } from '../../../simulator/world/budgets-service';

const START = Date.parse('2026-03-01T00:00Z');
const nobody = { emails: [], topicArns: [] };
const notification = (type: NotificationSpec['type'], atPercent: number): NotificationSpec => ({
  type,
  atPercent,
  subscribers: nobody,
});
const action = (approval: ActionSpec['approval']): ActionSpec => ({
  id: approval,
  atPercent: 95,
  approval,
  policyArn: 'arn:deny',
  principals: ['role'],
  subscribers: nobody,
});

interface Setting {
  readonly notifications?: readonly NotificationSpec[];
  readonly actions?: readonly ActionSpec[];
  readonly approvalAfterMs?: number;
  /** What has been charged since the start of the month, as a refresh at `asOfMs` sees it. */
  readonly spend: (asOfMs: number) => NanoUsd;
  /** Within the last seven days, for the forecast. */
  readonly recent?: (asOfMs: number) => NanoUsd;
}

async function play(setting: Setting, days: number) {
  const timeline = new Timeline(START);
  const seen = {
    refreshes: [] as { at: number; lag: number }[],
    notified: [] as string[],
    attached: [] as number[],
    detached: [] as number[],
    triggered: [] as number[],
  };
  const world: BudgetsWorld = {
    billed: (_budget, fromMs, toMs, { asOfMs, reachMs }) => {
      if (toMs !== asOfMs) return setting.recent?.(asOfMs) ?? usd(0);
      seen.refreshes.push({ at: asOfMs, lag: asOfMs - reachMs });
      expect(fromMs).toBe(Date.parse(`${new Date(asOfMs).toISOString().slice(0, 7)}-01T00:00Z`));
      return setting.spend(asOfMs);
    },
    notify: ({ atMs, type, atPercent }) =>
      seen.notified.push(`${new Date(atMs).toISOString().slice(0, 7)} ${type} ${atPercent}`),
    triggered: (run) => {
      seen.triggered.push(run.triggeredMs);
      return { ...run, environment: 'test', recipients: [], spent: run.seen };
    },
    attach: () => seen.attached.push(timeline.now) > 0,
    detach: () => seen.detached.push(timeline.now) > 0,
    approvalAfterMs: setting.approvalAfterMs,
  };
  const spec: BudgetSpec = {
    name: 'budget',
    limit: usd(100),
    covers: () => true,
    services: [],
    notifications: setting.notifications ?? [],
    actions: setting.actions ?? [],
  };
  const budget = new SimulatedBudget(spec, world, timeline, seededRandom(1));
  budget.start();
  await timeline.runUntil(START + days * DAY_MS);
  return { ...seen, budget };
}

test('refreshes are 8 to 12 hours apart and see what was charged 3 to 5 hours before', async () => {
  const { refreshes } = await play({ spend: () => usd(1) }, 31);
  expect(refreshes.length).toBeGreaterThan(60);
  expect(refreshes[0]!.at - START).toBeLessThanOrEqual(8 * HOUR_MS);
  refreshes.slice(1).forEach(({ at }, before) => {
    const pause = at - refreshes[before]!.at;
    expect(pause).toBeGreaterThanOrEqual(8 * HOUR_MS);
    expect(pause).toBeLessThanOrEqual(12 * HOUR_MS);
  });
  for (const { lag } of refreshes) {
    expect(lag).toBeGreaterThanOrEqual(3 * HOUR_MS);
    expect(lag).toBeLessThanOrEqual(5 * HOUR_MS);
  }
});

test.each([
  ['just below', usd('49.999999999'), []],
  ['at', usd(50), []],
  ['just above', usd('50.000000001'), ['2026-03 ACTUAL 50']],
])('GREATER_THAN: spend %s the threshold', async (_where, spend, expected) => {
  const { notified } = await play({ notifications: [notification('ACTUAL', 50)], spend: () => spend }, 3);
  expect(notified).toEqual(expected);
});

test('trap 13: an alert on actual spend comes once a month, even when spend falls and rises again', async () => {
  let call = 0;
  const spend = () => (call++ % 2 === 0 ? usd(80) : usd(10));
  const { notified } = await play({ notifications: [notification('ACTUAL', 50)], spend }, 40);
  expect(notified).toEqual(['2026-03 ACTUAL 50', '2026-04 ACTUAL 50']);
});

test('an alert on the forecast comes again after the forecast fell', async () => {
  const recent = (at: number) => (Math.floor((at - START) / (3 * DAY_MS)) % 2 === 0 ? usd(70) : usd(1));
  const { notified } = await play({ notifications: [notification('FORECASTED', 100)], spend: () => usd(5), recent }, 9);
  expect(notified).toEqual(['2026-03 FORECASTED 100', '2026-03 FORECASTED 100']);
});

test('an automatic action attaches at the refresh that finds the line passed, and once', async () => {
  const crossed = START + 5 * DAY_MS;
  const { attached, triggered, refreshes } = await play(
    { actions: [action('AUTOMATIC')], spend: (at) => (at < crossed ? usd(95) : usd(96)) },
    20,
  );
  expect(triggered).toEqual([refreshes.find(({ at }) => at >= crossed)!.at]);
  expect(attached).toEqual(triggered);
});

test('an action that needs approval waits for the person', async () => {
  const { attached, triggered } = await play(
    { actions: [action('MANUAL')], spend: () => usd(96), approvalAfterMs: 4 * HOUR_MS },
    5,
  );
  expect(attached).toEqual([triggered[0]! + 4 * HOUR_MS]);
  const never = await play({ actions: [action('MANUAL')], spend: () => usd(96) }, 20);
  expect(never.triggered).toHaveLength(1);
  expect(never.attached).toEqual([]);
});

test('an action says how it stands, as cost-check will ask', async () => {
  const status = async (approval: ActionSpec['approval'], spend: NanoUsd) => {
    const asked = action(approval);
    return (await play({ actions: [asked], spend: () => spend }, 3)).budget.actionStatus(asked);
  };
  expect(await status('AUTOMATIC', usd(1))).toBe('STANDBY');
  expect(await status('AUTOMATIC', usd(96))).toBe('EXECUTION_SUCCESS');
  expect(await status('MANUAL', usd(96))).toBe('PENDING');
});

test('trap 9: what was attached is lifted with the first refresh of the next month, hours late, and can be attached again', async () => {
  const april = Date.parse('2026-04-01T00:00Z');
  const again = april + 3 * DAY_MS;
  const spend = (at: number) => (at < april || at > again ? usd(96) : usd(1));
  const { attached, detached } = await play({ actions: [action('AUTOMATIC')], spend }, 40);
  expect(detached).toHaveLength(1);
  expect(detached[0]! - april).toBeGreaterThan(0);
  expect(detached[0]! - april).toBeLessThanOrEqual(12 * HOUR_MS);
  expect(attached.map((at) => at > again)).toEqual([false, true]);
});

test('an approval that comes in the next month does nothing', async () => {
  const spend = (at: number) => (at < Date.parse('2026-04-01T00:00Z') ? usd(96) : usd(1));
  const { triggered, attached } = await play({ actions: [action('MANUAL')], spend, approvalAfterMs: 32 * DAY_MS }, 40);
  expect(triggered).toHaveLength(1);
  expect(attached).toEqual([]);
});
