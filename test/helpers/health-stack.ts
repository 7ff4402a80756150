import { App, Stack, Duration } from 'aws-cdk-lib';
import type { EnvironmentConfig } from '../../config/guard-config';
import { Alerts } from '../../lib/alerts';
import { AutoStop } from '../../lib/auto-stop';
import { DenyBill } from '../../lib/deny-bill';
import { GuardFunction } from '../../lib/guard-function';
import { ReserveConcurrency } from '../../lib/reserve-concurrency';
import { GuardSchedules } from '../../lib/guard-schedule';
import { GuardedPrincipals } from '../../lib/guarded-principals';
import { HealthCheck } from '../../lib/health-check';
import { InferenceProfiles } from '../../lib/inference-profiles';
import { InvokerRole } from '../../lib/invoker-role';
import { valuesOf } from '../../lib/late-values';
import { Switch } from '../../lib/switch';
import { Tables } from '../../lib/tables';
import { CONTEXT } from './app-context';

/** The health check with all that it needs of the guard, and nothing else. */
export function stackWith(environment: EnvironmentConfig, app = new App({ context: CONTEXT })): Stack {
  const stack = new Stack(app, 'Test', { env: { region: environment.region } });
  const { models, name } = environment;
  const profiles =
    environment.identity === 'profile'
      ? new InferenceProfiles(stack, 'Profiles', { environment: name, models })
      : undefined;
  const tables = new Tables(stack, 'Tables', { keepState: false });
  const invoker = new InvokerRole(stack, 'Invoker', {
    environment: name,
    models,
    assumableBy: environment.assumableBy,
    leases: tables.leases,
    ...(profiles ? { profiles } : {}),
  });
  const principals = new GuardedPrincipals(stack, 'Principals', {
    invokerRole: invoker.role,
    ...environment.principals,
  });
  const denyBill = new DenyBill(stack, 'Deny');
  const alerts = new Alerts(stack, 'Alerts', { environment: name, emails: [] });
  const schedules = new GuardSchedules(stack, 'Schedules', { environment: name });
  const autoStop = new AutoStop(stack, 'AutoStop', { environment, alerts, tables, schedules });
  const theSwitch = new Switch(stack, 'Switch', {
    ...{ environment, principals, denyBill, tables, autoStop },
    invokerRole: invoker.role,
  });
  const reserveConcurrency = new ReserveConcurrency(stack, 'ReserveConcurrency');
  const timeout = Duration.minutes(1);
  reserveConcurrency.setAsideFor(
    new GuardFunction(stack, 'Meter', { feature: 'spend-meter', description: 'Meter', variables: {}, timeout }),
  );
  new HealthCheck(stack, 'HealthCheck', {
    ...{ environment, invoker, principals, denyBill, alerts, tables, schedules, reserveConcurrency },
    values: valuesOf(environment),
    switch: theSwitch,
    ...(profiles ? { profiles } : {}),
  });
  return stack;
}
