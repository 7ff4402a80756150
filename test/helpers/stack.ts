import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { EnvironmentConfig } from '../../config/guard-config';
import type { GuardInput } from '../../config/schema';
import { mergeSettings, parseSettings, SETTINGS_FILE } from '../../core/settings';
import { FUNCTION_TAG } from '../../core/tags';
import type { SpendGuardStack } from '../../lib/spend-guard-stack';
import { onceARun } from './once-a-run';
import type { TemplateProperties } from './template-properties';

const NOW = Date.parse('2026-11-23T00:00:00Z');

/** A file that takes what {@link onceARun} has needs nothing of what makes it, and loading that takes longest. */
const shippedEnvironments = () =>
  (require('../../config/budget-tiers') as typeof import('../../config/budget-tiers')).default.environments;
const guardStack = () => require('./guard-stack') as typeof import('./guard-stack');

/** One environment of the shipped configuration, with some of its settings changed: read once in a run. */
export function environmentOf(name: string, changes: Readonly<Record<string, unknown>> = {}): EnvironmentConfig {
  return onceARun('environment', [name, Object.entries(changes)], () => loaded(name, changes));
}

function loaded(name: string, changes: Readonly<Record<string, unknown>>): EnvironmentConfig {
  const { loadGuard } = require('../../config/load') as typeof import('../../config/load');
  const shipped = shippedEnvironments();
  const alone = 'identity' in changes || 'account' in changes;
  const environments: Record<string, object> = alone ? {} : { ...shipped };
  environments[name] = { ...shipped[name], ...changes };
  const found = loadGuard({ environments } as GuardInput, NOW).environments.find((one) => one.name === name);
  if (!found) throw new Error(`no environment '${name}'`);
  return found;
}

/** With a model of which a document says where its calls land, in three Regions: no shipped one is called so. */
export const WITH_LLAMA = {
  get models() {
    const { models } = shippedEnvironments()['dev']!;
    const llama = { id: 'meta.llama3-1-70b-instruct-v1:0', optional: true, legacy: 'include' };
    return { ...models, small: [llama, ...models.small.slice(1)] };
  },
} as const;

/** An environment in an account of its own, without profiles. */
export const ALONE = { identity: 'direct', account: '111122223333' } as const;

/** One principal of each kind, the role under a path. */
export const PRINCIPALS = { roles: ['team/app'], users: ['bot'], groups: ['people'] };

export function stackOf(environment: EnvironmentConfig): SpendGuardStack {
  return guardStack().stackOf(environment);
}

/** What a synth makes of an environment. */
export interface Made {
  readonly template: Template;
  /** The file beside the code of each function that has one, by feature. */
  readonly settings: Readonly<Record<string, string>>;
}

/** Of an environment as it is configured: made once in a run. */
export function madeFor(environment: EnvironmentConfig): Made {
  const { template, settings } = onceARun('stack', environment, () => guardStack().synthesized(environment));
  return { template: Template.fromJSON(template), settings };
}

export function templateOf(name: string, changes: Readonly<Record<string, unknown>> = {}): Template {
  return templateFor(environmentOf(name, changes));
}

export function templateFor(environment: EnvironmentConfig): Template {
  return madeFor(environment).template;
}

/**
 * What a function of the guard reads at its start, as after a deployment: its variables, each reference to something else a text of
 * its own, and the file beside its code.
 */
export function toldTo(from: Stack | Made, feature: string): Readonly<Record<string, string>> {
  if ('settings' in from) {
    const settings = from.settings[feature];
    if (settings === undefined) throw new Error(`no ${SETTINGS_FILE} of '${feature}'`);
    return mergeSettings(variablesOf(from, feature), parseSettings(settings));
  }
  const { variables, asset } = functionOf(from, feature);
  return mergeSettings(variables, parseSettings(readFileSync(path.join(asset, SETTINGS_FILE), 'utf8')));
}

/** The variables of a function, resolved as by `toldTo`, and the folder of its asset. */
export function functionOf(
  stack: Stack,
  feature: string,
): { readonly variables: Readonly<Record<string, string>>; readonly asset: string } {
  const template = Template.fromStack(stack);
  const hash = path.basename(functionIn(template, feature).Properties['Code'].S3Key, '.zip');
  return {
    variables: variablesOf({ template }, feature),
    asset: path.join(guardStack().outputFolder(stack), `asset.${hash}`),
  };
}

export function variablesOf({ template }: Pick<Made, 'template'>, feature: string): Readonly<Record<string, string>> {
  const variables = Object.entries(functionIn(template, feature).Properties['Environment'].Variables);
  return Object.fromEntries(variables.map(([name, value]) => [name, afterDeployment(value)]));
}

const tagsOf = ({ Properties }: Resource) => (Properties['Tags'] ?? []) as readonly { Key: string; Value: string }[];

function functionIn(template: Template, feature: string): Resource {
  const found = Object.values(resourcesOf(template, 'AWS::Lambda::Function')).find((one) =>
    tagsOf(one).some(({ Key, Value }) => Key === FUNCTION_TAG && Value === feature),
  );
  if (!found) throw new Error(`no function '${feature}'`);
  return found;
}

/** What each function of the guard is called by its tag. */
export function featuresOf({ template }: Pick<Made, 'template'>): readonly string[] {
  return Object.values(resourcesOf(template, 'AWS::Lambda::Function')).flatMap((one) =>
    tagsOf(one)
      .filter(({ Key }) => Key === FUNCTION_TAG)
      .map(({ Value }) => Value),
  );
}

/** Names and values together, as Lambda counts them. */
export function variableBytes(made: Pick<Made, 'template'>, feature: string): number {
  return Object.entries(variablesOf(made, feature)).reduce((sum, [name, value]) => sum + name.length + value.length, 0);
}

/** As long as the id of a profile, so that sizes are true; the same reference is the same text. */
const idOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 12);

function afterDeployment(value: unknown): string {
  if (typeof value === 'string') return value;
  const {
    'Fn::Join': join,
    'Fn::GetAtt': attribute,
    Ref,
  } = value as {
    'Fn::Join'?: readonly [string, readonly unknown[]];
    'Fn::GetAtt'?: readonly [string, string];
    Ref?: string;
  };
  if (join) return join[1].map(afterDeployment).join(join[0]);
  if (attribute?.[1] === 'InferenceProfileId') return idOf(attribute[0]);
  return attribute?.join('.') ?? String(Ref);
}

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<TemplateProperties>;
  readonly DependsOn?: string | readonly string[];
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

/** Those that name the action itself. */
export function granting(statements: readonly Statement[], action: string): readonly Statement[] {
  return statements.filter((statement) => actionsOf(statement).includes(action));
}

/** Logical ids of the roles whose description matches. */
export function roleIds(template: Template, description: RegExp): readonly string[] {
  return Object.entries(resourcesOf(template, 'AWS::IAM::Role'))
    .filter(([, { Properties }]) => description.test(String(Properties['Description'])))
    .map(([id]) => id);
}
