import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { App, Stage, type Stack } from 'aws-cdk-lib';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import { Template } from 'aws-cdk-lib/assertions';
import type { EnvironmentConfig } from '../../config/guard-config';
import { SETTINGS_FILE } from '../../core/settings';
import { GuardFunction } from '../../lib/guard-function';
import { SpendGuardConfig } from '../../lib/spend-guard-config';
import { SpendGuardStack, type SpendGuardStackProps } from '../../lib/spend-guard-stack';
import { CONTEXT } from './app-context';

/** Of an environment that is checked already. */
export function stackProps(environment: EnvironmentConfig): SpendGuardStackProps {
  const config = SpendGuardConfig._ofChecked({ environments: [environment], notices: [] });
  return { config, environmentName: environment.name };
}

export function stackOf(environment: EnvironmentConfig): SpendGuardStack {
  return new SpendGuardStack(new App({ context: CONTEXT }), stackProps(environment));
}

export const outputFolder = (stack: Stack): string => Stage.of(stack)!.outdir;

/** As {@link import('./stack').Made}, of which JSON keeps all; without what else stands in an assembly, such as copies of the code. */
export function synthesized(environment: EnvironmentConfig): {
  readonly template: Record<string, unknown>;
  readonly settings: Readonly<Record<string, string>>;
} {
  const context = { ...CONTEXT, 'aws:cdk:disable-asset-staging': true };
  const app = new App({ context, treeMetadata: false });
  const stack = new SpendGuardStack(app, stackProps(environment));
  const template = Template.fromStack(stack).toJSON() as Record<string, unknown>;
  const { files } = JSON.parse(readFileSync(path.join(app.outdir, `${stack.artifactId}.assets.json`), 'utf8')) as {
    files: Readonly<Record<string, { readonly source: { readonly path: string } }>>;
  };
  const settings: Record<string, string> = {};
  for (const one of stack.node.findAll().filter((each) => each instanceof GuardFunction)) {
    const { s3Key } = (one.function.node.defaultChild as lambda.CfnFunction).code as lambda.CfnFunction.CodeProperty;
    const file = path.resolve(app.outdir, files[path.basename(s3Key!, '.zip')]!.source.path, SETTINGS_FILE);
    if (existsSync(file)) settings[one.feature] = readFileSync(file, 'utf8');
  }
  return { template, settings };
}
