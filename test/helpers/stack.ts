import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import shipped from '../../config/budget-tiers';
import type { EnvironmentConfig } from '../../config/guard-config';
import { loadGuard } from '../../config/load';
import type { GuardInput } from '../../config/schema';
import { SpendGuardStack } from '../../lib/spend-guard-stack';
import cdkJson from '../../cdk.json';

const NOW = Date.parse('2026-11-23T00:00:00Z');

/** One environment of the shipped configuration, with some of its settings changed. */
export function environmentOf(name: string, changes: Readonly<Record<string, unknown>> = {}): EnvironmentConfig {
  const alone = 'identity' in changes || 'account' in changes;
  const environments: Record<string, object> = alone ? {} : { ...shipped.environments };
  environments[name] = { ...shipped.environments[name], ...changes };
  const loaded = loadGuard({ environments } as GuardInput, NOW).environments.find((one) => one.name === name);
  if (!loaded) throw new Error(`no environment '${name}'`);
  return loaded;
}

export function stackOf(environment: EnvironmentConfig): SpendGuardStack {
  return new SpendGuardStack(new App({ context: cdkJson.context }), { environment });
}

export function templateOf(name: string, changes: Readonly<Record<string, unknown>> = {}): Template {
  return Template.fromStack(stackOf(environmentOf(name, changes)));
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, any>>;
}

export function resourcesOf(template: Template, type: string): Readonly<Record<string, Resource>> {
  return template.findResources(type) as Readonly<Record<string, Resource>>;
}

/** Every statement of the policies attached to a role, by the role's logical id. */
export function statementsOf(template: Template, roleLogicalId: string): readonly Statement[] {
  const policies = Object.values(resourcesOf(template, 'AWS::IAM::Policy')).filter(({ Properties }) =>
    (Properties['Roles'] as readonly { Ref?: string }[] | undefined)?.some(({ Ref }) => Ref === roleLogicalId),
  );
  return policies.flatMap(({ Properties }) => Properties['PolicyDocument'].Statement as Statement[]);
}

export function actionsOf(statement: Statement): readonly string[] {
  return typeof statement.Action === 'string' ? [statement.Action] : statement.Action;
}

/** Logical ids of the roles whose description matches. */
export function roleIds(template: Template, description: RegExp): readonly string[] {
  return Object.entries(resourcesOf(template, 'AWS::IAM::Role'))
    .filter(([, { Properties }]) => description.test(String(Properties['Description'])))
    .map(([id]) => id);
}
