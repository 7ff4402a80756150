import { Token } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { budgetedServices, type EnvironmentConfig, type Notice } from '../config';
import { referenceCommand } from '../core/enforcement';
import { formatUsd } from '../core/money';
import { endpointCostLines, overshootLines, selfCostLines, spendersCostLines } from '../core/estimates';
import { serviceFilterNotes } from './budget';
import { channelsLines } from './channels-cost';
import { countEndpoint } from './endpoint-cost';
import { countBillable } from './self-cost';

/** Context of an app that says them itself: as annotations they would be said twice. */
export const NOTES_ARE_SAID = 'spend-guard:notes-are-said';

/** What synth says to people about one environment: what it guards, what they should know, what the guard costs. */
export function synthNotes(
  guard: IConstruct,
  environment: EnvironmentConfig,
  notices: readonly Notice[],
): readonly string[] {
  const { billAction } = environment;
  const countsServices = environment.identity === 'direct' || environment.accountWideLimit !== undefined;
  const filterNotes = countsServices ? serviceFilterNotes(budgetedServices(environment.models)) : [];
  const brake =
    billAction.kind === 'none'
      ? 'no budgets action'
      : `budgets action at ${billAction.atPercent}%, ${billAction.kind === 'automatic' ? 'by itself' : 'after a person approves'}`;
  return [
    `${environment.name}: ${formatUsd(environment.limit)} a month, ${environment.class}, ${environment.region}; ${brake}`,
    ...notices.filter((notice) => notice.environment === environment.name).map(({ text }) => `  note: ${text}`),
    ...filterNotes.map((text) => `  note: ${text}`),
    ...permissionSetLines(environment),
    ...overshootLines(environment.name, environment.meter.overshoot).map((line) => `  ${line}`),
    ...toldLines(environment),
    ...selfCostLines(countBillable(guard)).map((line) => `  ${line}`),
    ...spendersCostLines(shownLog(environment)).map((line) => `  ${line}`),
    ...endpointLines(guard),
    ...channelsLines(guard).map((line) => `  ${line}`),
  ];
}

/** A log group of the app has its name from the deployment. */
function shownLog({ spenders: { logGroup } }: EnvironmentConfig): { readonly logGroup?: string } {
  if (logGroup === undefined) return {};
  return { logGroup: Token.isUnresolved(logGroup) ? 'the invocation log' : logGroup };
}

/** What the estimate leaves out. */
function toldLines({ meter }: EnvironmentConfig): readonly string[] {
  return meter.activityAlarm
    ? ['    from idle it rests on an event of the activity alarm; should that be lost, up to 15 minutes more']
    : [];
}

/**
 * What nobody can do from the environment's account. IAM Identity Center wants the policy to be there first, in each account that it
 * provisions the permission set to
 * (https://docs.aws.amazon.com/singlesignon/latest/APIReference/API_CustomerManagedPolicyReference.html, read 2026-11-28).
 */
function permissionSetLines({ name, principals: { permissionSets } }: EnvironmentConfig): readonly string[] {
  if (permissionSets.length === 0) return [];
  return [
    `  after the deploy, once for each permission set (${permissionSets.join(', ')}), in the management account:`,
    `    ${referenceCommand(name)}`,
    '    <instance> and <permission set> are ARNs (aws sso-admin list-instances, list-permission-sets); an account without a policy of this name cannot be provisioned with the permission set',
  ];
}

function endpointLines(guard: IConstruct): readonly string[] {
  const counts = countEndpoint(guard);
  return counts ? endpointCostLines(counts).map((line) => `  ${line}`) : [];
}
