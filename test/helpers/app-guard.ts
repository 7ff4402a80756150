import { App, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { SpendGuard } from '../../lib/spend-guard';
import type { SpendGuardProps } from '../../lib/spend-guard-props';
import { usd } from '../../lib/usd';

/** Somebody's own app: none of this repository's context. */
export function someApp(context: Readonly<Record<string, unknown>> = {}): App {
  return new App({
    context: { 'aws:cdk:disable-creation-stack-traces': true, ...context },
    treeMetadata: false,
    analyticsReporting: false,
  });
}

export const ENV = { region: 'us-east-1', account: '111122223333' } as const;

export function someStack(app: Construct = someApp(), id = 'MyApp', props: StackProps = {}): Stack {
  return new Stack(app, id, { env: ENV, ...props });
}

export const FOUR: SpendGuardProps = {
  monthlyLimit: usd(50),
  owner: 'team@example.com',
  models: ['amazon.nova-lite-v1:0'],
  principals: [],
};

/** With some of the props changed. */
export function guardIn(scope: Construct, props: object = {}, id = 'Guard'): SpendGuard {
  return new SpendGuard(scope, id, { ...FOUR, ...props });
}

/** What is said where a guard is made of these. */
export function refusal(make: () => unknown): string {
  try {
    make();
  } catch (error) {
    return (error as Error).message;
  }
  return 'nothing';
}
