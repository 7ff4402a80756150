import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { EnvironmentConfig } from '../../config/guard-config';
import { DenyBill } from '../../lib/deny-bill';
import { InferenceProfiles } from '../../lib/inference-profiles';
import { InvokerRole } from '../../lib/invoker-role';
import { Tables } from '../../lib/tables';
import type { Template as Resources } from '../../simulator/template/resolver';
import { CONTEXT } from './app-context';

/** What says who may call which model, and nothing else of a stack. */
export function callersStack(environment: EnvironmentConfig): Stack {
  const stack = new Stack(new App({ context: CONTEXT }), `SpendGuard-${environment.name}`, {
    env: { region: environment.region },
  });
  const { name, models, identity, assumableBy } = environment;
  const profiles =
    identity === 'profile' ? new InferenceProfiles(stack, 'Profiles', { environment: name, models }) : undefined;
  const { leases } = new Tables(stack, 'Tables', { keepState: false });
  new InvokerRole(stack, 'Invoker', {
    environment: name,
    models,
    assumableBy,
    leases,
    ...(profiles ? { profiles } : {}),
  });
  new DenyBill(stack, 'Deny');
  return stack;
}

export function callersTemplate(environment: EnvironmentConfig): Resources {
  return Template.fromStack(callersStack(environment)).toJSON() as Resources;
}
