import { DAY_MS, utcDay } from '../core/calendar';
import type { BudgetsPort } from '../core/ports/budgets';
import { parseCostCheckEnv } from '../lambda/cost-check/env';
import { makeHandler as makeCostCheck } from '../lambda/cost-check/handler';
import { FakeBudgets } from './fakes/budgets';
import { FakeCostExplorer } from './fakes/cost-explorer';
import { FakeMail } from './fakes/mail';
import { FakeMetrics } from './fakes/metrics';
import { FakeReportState } from './fakes/report-state';
import type { FunctionSpec } from './template/guard-stack';
import { HISTORY_DAYS, type Place, type World } from './world/world';

/** Where a function runs: its template's variables, its environment, and the AWS around it. */
export interface FunctionSite {
  readonly spec: FunctionSpec;
  readonly place: Place;
  readonly world: World;
  readonly now: () => number;
  /** Delivers a mail that the function sends in its present run. */
  readonly mail: (topicArn: string, mail: { readonly subject: string; readonly body: string }) => void;
}

export type Handler = (event: unknown) => Promise<unknown>;

/**
 * Deploys a feature into the simulated AWS: parses the template's variables by the feature's own schema and gives the real
 * handler fakes of the services behind its ports. @throws GuardError where the variables are not what the schema wants
 */
export type Deploy = (site: FunctionSite) => Handler;

/** The features that the simulator runs. Every environment must have each of them, on a schedule. */
export const functions: Readonly<Record<string, Deploy>> = { 'cost-check': costCheck };

function costCheck({ spec, place, world, now, mail }: FunctionSite): Handler {
  const env = parseCostCheckEnv(spec.variables);
  const { bill, settings } = world;
  const from = utcDay(settings.month.startMs - HISTORY_DAYS * DAY_MS);
  const items = () => bill.items(place.stack.identity.account, from, bill.costExplorerView(now()));
  const costExplorer = new FakeCostExplorer(items, {
    failure: () =>
      world.isCostExplorerDown(now()) ? { why: 'Cost Explorer answers with an error', retryable: true } : undefined,
  });
  return makeCostCheck(
    {
      costExplorer,
      tags: costExplorer,
      budgets: budgetsOf(place),
      state: new FakeReportState(),
      mail: new FakeMail((sent) => mail(env.ALERT_TOPIC_ARN, sent)),
      metrics: new FakeMetrics(),
      now,
    },
    env,
  );
}

/** The environment's budgets and their actions, as they stand whenever they are asked for. */
function budgetsOf({ budgets }: Place): BudgetsPort {
  const present = () =>
    new FakeBudgets(
      new Map(budgets.map(({ spec }) => [spec.name, { kind: 'known', currency: 'USD' }])),
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
