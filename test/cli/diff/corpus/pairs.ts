import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** One side of a pair: what a synthesized output says, as small as it can be. */
export interface Side {
  readonly template?: Readonly<Record<string, unknown>>;
  /** Of the stack's artifact. */
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly environment?: string;
  /** Other files by name, such as a nested template. */
  readonly files?: Readonly<Record<string, unknown>>;
  /** Artifacts beside the stack's, such as a nested assembly. */
  readonly artifacts?: Readonly<Record<string, unknown>>;
}

/** Two outputs and, by where it stands, a verdict on going from the first to the second. */
export type Pair = readonly [name: string, base: Side, head: Side];

export const ACCOUNT = '111122223333';
export const HOME = `aws://${ACCOUNT}/us-east-1`;
export const AWAY = 'aws://444455556666/us-east-1';

/** A template of one resource `X`, and others by logical id. */
export function one(type: string, properties: object, others: Readonly<Record<string, unknown>> = {}): Side {
  return { template: { Resources: { X: { Type: type, Properties: properties }, ...others } } };
}

export function none(others: Readonly<Record<string, unknown>> = {}): Side {
  return { template: { Resources: others } };
}

export function document(...statements: readonly object[]): object {
  return { Version: '2012-10-17', Statement: statements };
}

export function allow(action: unknown, resource: unknown = '*', more: object = {}): object {
  return { Effect: 'Allow', Action: action, Resource: resource, ...more };
}

export function deny(action: unknown, resource: unknown = '*', more: object = {}): object {
  return { ...allow(action, resource, more), Effect: 'Deny' };
}

export function trust(principal: unknown, more: object = {}): object {
  return document({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: principal, ...more });
}

/** A role that only Lambda may assume. */
export const ROLE = {
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: trust({ Service: 'lambda.amazonaws.com' }) },
};

/** A policy `X` of that role. */
export function policy(...statements: readonly object[]): Side {
  const properties = { PolicyName: 'p', Roles: [{ Ref: 'R' }], PolicyDocument: document(...statements) };
  return one('AWS::IAM::Policy', properties, { R: ROLE });
}

/** A nested stack `N`, and its template. */
export function nested(resources: object, parameters: object = {}, template: object = {}): Side {
  const properties = { TemplateURL: `https://s3/${JSON.stringify(resources).length}.json`, Parameters: parameters };
  const metadata = { 'aws:asset:path': 'N.nested.template.json', 'aws:asset:property': 'TemplateURL' };
  return {
    ...none({ N: { Type: 'AWS::CloudFormation::Stack', Properties: properties, Metadata: metadata } }),
    files: { 'N.nested.template.json': { ...template, Resources: resources } },
  };
}

/** A CDK Stage: an assembly in a folder of its own, with one stack. */
export function stage(template: object): Side {
  const artifact = { type: 'cdk:cloud-assembly', properties: { directoryName: 'assembly-Prod', displayName: 'Prod' } };
  return {
    template: { Resources: {} },
    artifacts: { 'assembly-Prod': artifact },
    files: {
      'assembly-Prod/manifest.json': manifest(HOME, { stackName: 'Prod-S' }),
      'assembly-Prod/S.template.json': template,
    },
  };
}

/** Writes it as the CDK would: a manifest, the stack `S`, and what else there is. */
export function written({
  template = {},
  properties = {},
  environment = HOME,
  files = {},
  artifacts = {},
}: Side): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'diff-pair-'));
  const write = (name: string, content: unknown) => {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  };
  write('S.template.json', template);
  for (const [name, content] of Object.entries(files)) write(name, content);
  write('manifest.json', manifest(environment, properties, artifacts));
  return folder;
}

export function manifest(environment: string, properties: object = {}, artifacts: object = {}): object {
  return {
    version: '48.0.0',
    artifacts: {
      S: {
        type: 'aws:cloudformation:stack',
        environment,
        properties: { templateFile: 'S.template.json', stackName: 'S', ...properties },
      },
      ...artifacts,
    },
  };
}
