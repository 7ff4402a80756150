import { DAY_MS, dayStart, utcDay } from '../../core/calendar';
import type { BudgetsPort } from '../../core/bill';
import { ServiceError } from '../../core/errors';
import { parseCostCheckEnv, makeHandler } from '../../lambda/cost-check';
import { FakeApplicationProfiles } from '../fakes/application-profiles';
import { FakeBudgets } from '../fakes/budgets';
import { FakeCostExplorer } from '../fakes/cost-explorer';
import { FakeHtmlMail } from '../fakes/html-mail';
import { FakeInvocationLog } from '../fakes/invocation-log';
import { FakeMail } from '../fakes/mail';
import { FakeMeterState } from '../fakes/meter-state';
import { FakeMetrics } from '../fakes/metrics';
import { FakeReportState } from '../fakes/report-state';
import { FakeSpendersState } from '../fakes/spenders-state';
import { FakeUsageMetrics } from '../fakes/usage-metrics';
import { HISTORY_DAYS, type Place } from '../world/world';
import type { FunctionSite, Handler } from './site';

/** Cost Explorer shows the whole account, late; the state table is the environment's own. */
export function costCheck({ spec, place, world, now, mail }: FunctionSite): Handler {
  const env = parseCostCheckEnv(spec.variables);
  const { bill, settings } = world;
  const from = utcDay(settings.month.startMs - HISTORY_DAYS * DAY_MS);
  const items = () => bill.items(place.stack.identity.account, from, bill.costExplorerView(now()));
  const costExplorer = new FakeCostExplorer(items, {
    failure: () =>
      world.isCostExplorerDown(now()) ? { why: 'Cost Explorer answers with an error', retryable: true } : undefined,
  });
  // The month has no meter: its state is unknown, and no day of it is compared.
  const meter = new FakeMeterState();
  meter.failure = new ServiceError('unavailable', 'NotSimulated', 'no meter runs in this month');
  return makeHandler(
    {
      costExplorer,
      tags: costExplorer,
      budgets: budgetsOf(place, dayStart(from)),
      usage: new FakeUsageMetrics(),
      profiles: new FakeApplicationProfiles(),
      meter,
      calibration: meter,
      callers: {
        sharedBudget: async () => undefined,
        sharedBudgets: async (asked) => asked.map(() => ({ kind: 'known', value: undefined })),
      },
      state: new FakeReportState(),
      invocationLog: new FakeInvocationLog(),
      spenders: new FakeSpendersState(),
      mail: new FakeMail((sent) => mail(env.ALERT_TOPIC_ARN, sent)),
      // The topic gets what SES mails as well.
      htmlMail: new FakeHtmlMail(),
      metrics: new FakeMetrics(),
      now,
    },
    env,
  );
}

/** The environment's budgets and their actions, as they stand whenever they are asked for. */
function budgetsOf({ budgets }: Place, deployedMs: number): BudgetsPort {
  const present = () =>
    new FakeBudgets(
      new Map(
        budgets.map(({ spec, calculated }) => [
          spec.name,
          {
            ...{ kind: 'known', currency: 'USD', spent: { digits: BigInt(calculated), scale: 9 } },
            ...{ changedAtMs: deployedMs, ...(spec.services.length > 0 ? { services: spec.services } : {}) },
          },
        ]),
      ),
      new Map(
        budgets.flatMap((budget) =>
          budget.spec.actions.map(
            (action) => [action.id, { kind: 'known', status: budget.actionStatus(action) }] as const,
          ),
        ),
      ),
    );
  return {
    budget: (name) => present().budget(name),
    action: (budgetName, actionId) => present().action(budgetName, actionId),
  };
}
