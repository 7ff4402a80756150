import { Tags } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { budgetedServices, calledId, type EnvironmentConfig, accountBudgetOf } from '../config';
import { NANO_PER_USD } from '../core/money';
import { ENVIRONMENT_TAG } from '../core/tags';
import { Alerts } from './alerts';
import { AutoStop } from './auto-stop';
import { BudgetAccess } from './budget-access';
import { BillAction } from './bill-action';
import { Budget } from './budget';
import { Channels } from './channels';
import { deployedClientConfig } from './client-config';
import { CostCheck } from './cost-check';
import { Dashboard } from './dashboard';
import { DenyBill } from './deny-bill';
import { GuardSchedules } from './guard-schedule';
import { GuardedEndpoint } from './guarded-endpoint';
import { GuardedPrincipals } from './guarded-principals';
import { HealthCheck } from './health-check';
import { HubLink } from './hub-link';
import { InferenceProfiles } from './inference-profiles';
import { InvokerRole } from './invoker-role';
import { type LateValues, makeOnlyIf, valuesOf } from './late-values';
import { prefixLogicalIds } from './logical-ids';
import { ReserveConcurrency } from './reserve-concurrency';
import { SpendMeter } from './spend-meter';
import { Switch } from './switch';
import { Tables } from './tables';

export interface EnvironmentGuardProps {
  readonly environment: EnvironmentConfig;
  /** What a template leaves to its parameters. @default - nothing: all is as the environment has it */
  readonly values?: LateValues;
}

/** Everything that guards one environment, of its checked configuration. */
export class EnvironmentGuard extends Construct {
  readonly alerts: Alerts;
  readonly invoker: InvokerRole;
  readonly principals: GuardedPrincipals;
  readonly spendMeter: SpendMeter;
  readonly switch: Switch;
  /** Absent: models are called by their own ids. */
  readonly profiles?: InferenceProfiles;

  constructor(scope: Construct, id: string, { environment, values = valuesOf(environment) }: EnvironmentGuardProps) {
    super(scope, id);
    prefixLogicalIds(this);
    Tags.of(this).add(ENVIRONMENT_TAG, environment.name);

    const emails = [environment.owner, environment.budgetOwner];
    const alerts = (this.alerts = new Alerts(this, 'Alerts', { environment: environment.name, emails }));
    const tables = new Tables(this, 'Tables', { keepState: environment.keepState });
    const schedules = new GuardSchedules(this, 'Schedules', { environment: environment.name });

    const { models, assumableBy } = environment;
    const profiles =
      environment.identity === 'profile'
        ? new InferenceProfiles(this, 'Profiles', { environment: environment.name, models })
        : undefined;
    if (profiles) this.profiles = profiles;
    const invoker = (this.invoker = new InvokerRole(this, 'Invoker', {
      environment: environment.name,
      models,
      assumableBy,
      budgets: environment.budgets,
      leases: tables.leases,
      ...(profiles ? { profiles } : {}),
    }));
    new BudgetAccess(this, 'BudgetAccess', {
      environment: environment.name,
      budgets: environment.budgets,
      leases: tables.leases,
    });
    const { endpoint } = environment;
    if (endpoint) {
      new GuardedEndpoint(this, 'Endpoint', {
        environment: environment.name,
        endpoint,
        invoker,
        clientConfig: deployedClientConfig(this, environment, { tables, profiles }),
        isProduction: environment.class === 'production',
      });
    }
    const principals = (this.principals = new GuardedPrincipals(this, 'Principals', {
      invokerRole: invoker.role,
      ...environment.principals,
      ...(values.names ? { late: values.names } : {}),
    }));
    const denyBill = new DenyBill(this, 'Deny');
    const autoStop = new AutoStop(this, 'AutoStop', { environment, alerts, tables, schedules });
    const theSwitch = (this.switch = new Switch(this, 'Switch', {
      environment,
      invokerRole: invoker.role,
      principals,
      denyBill,
      tables,
      autoStop,
    }));

    const budget = new Budget(this, 'Budget', {
      label: environment.name,
      limit: values.limitUsd,
      scope: {
        kind: 'either',
        account: values.billsAccount,
        environment: environment.name,
        services: budgetedServices(models),
      },
      thresholds: environment.thresholds,
      emails,
      topic: alerts.budgetTopic,
    });
    const accountBudget =
      environment.accountWideLimit === undefined
        ? undefined
        : new Budget(this, 'AccountBudget', {
            label: accountBudgetOf(environment.name),
            limit: environment.accountWideLimit / NANO_PER_USD,
            scope: { kind: 'account', services: budgetedServices(models) },
            // The account has no stop of its own: its budget tells people, whatever the tag says or does not say.
            thresholds: environment.thresholds.filter(({ effect }) => effect === 'notify'),
            emails,
            topic: alerts.budgetTopic,
          });
    const billAction =
      environment.billAction.kind === 'none'
        ? undefined
        : new BillAction(this, 'BillAction', {
            budget,
            atPercent: environment.billAction.atPercent,
            approval: environment.billAction.kind,
            denyPolicy: denyBill.policy,
            principals,
            emails,
            topic: alerts.budgetTopic,
            exists: values.actsOnBill,
          });

    const reserveConcurrency = new ReserveConcurrency(this, 'ReserveConcurrency');
    const healthCheck = new HealthCheck(this, 'HealthCheck', {
      environment,
      values,
      reserveConcurrency,
      invoker,
      principals,
      switch: theSwitch,
      denyBill,
      alerts,
      tables,
      schedules,
      ...(profiles ? { profiles } : {}),
    });
    const costCheck = new CostCheck(this, 'CostCheck', {
      environment,
      values,
      healthCheck,
      budget,
      alerts,
      tables,
      schedules,
      ...(profiles ? { profiles } : {}),
      ...(accountBudget ? { accountBudget } : {}),
      ...(billAction ? { billAction } : {}),
    });
    const spendMeter = (this.spendMeter = new SpendMeter(this, 'SpendMeter', {
      environment,
      values,
      healthCheck,
      autoStop,
      principals,
      switch: theSwitch,
      denyBill,
      budget,
      alerts,
      tables,
      schedules,
      ...(profiles ? { profiles } : {}),
      ...(billAction ? { billAction } : {}),
    }));

    const channels =
      environment.channels.length === 0
        ? undefined
        : new Channels(this, 'Channels', {
            environment: environment.name,
            region: environment.region,
            channels: environment.channels,
            onDashboard: environment.dashboard !== undefined,
            alerts,
            otherTopics: [alerts.budgetTopic],
            table: tables.state,
            schedules,
          });

    reserveConcurrency.setAsideFor(spendMeter.guardFunction);

    // Schedules, not functions: the role that the switch must outlive trusts one of those.
    theSwitch.runsAfterDeletionOf(
      ...schedules.schedules,
      ...(spendMeter.activityRule ? [spendMeter.activityRule] : []),
      ...(billAction ? [billAction] : []),
    );

    if (environment.organizationHub) {
      const link = new HubLink(this, 'HubLink', {
        environment: environment.name,
        busArn: environment.organizationHub.busArn,
        deadLetters: schedules.deadLetters,
      });
      makeOnlyIf(values.tellsHub, link);
    }
    alerts.watchDeadLetters(schedules.deadLetters);
    alerts.watchFindings();
    if (environment.dashboard?.carriedBy !== environment.name) return;
    new Dashboard(this, 'Dashboard', {
      environment: environment.name,
      shown: environment.dashboard.environments,
      models: models.map((model) => ({
        name: model.name,
        metricId: profiles?.metricIdOf(model) ?? calledId(model.route),
      })),
      functions: [spendMeter, costCheck, healthCheck, autoStop, ...(channels ? [channels] : [])].map(
        ({ guardFunction }) => guardFunction,
      ),
      alerts,
    });
  }
}
