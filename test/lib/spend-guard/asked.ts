import { Stack } from 'aws-cdk-lib';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as ses from 'aws-cdk-lib/aws-ses';
import { Template } from 'aws-cdk-lib/assertions';
import { guardIn, refusal, someStack } from '../../helpers/app-guard';
import { granting, roleIds, type Statement, statementsOf } from '../../helpers/stack';

export const NAME = '/bedrock/invocations';
export const FROM = 'spend@mail.example.org';
export const named = (stack: Stack, name = NAME) => logs.LogGroup.fromLogGroupName(stack, 'Invocations', name);
export const identity = (stack: Stack, name: string) => ses.EmailIdentity.fromEmailIdentityName(stack, 'Mail', name);

/** What the roles of a stack may do, by whether they are cost-check's. */
export function grantsOf(stack: Stack) {
  const template = Template.fromStack(stack);
  const of = (pattern: RegExp) => roleIds(template, pattern).flatMap((id) => statementsOf(template, id));
  return { own: of(/cost-check/), all: of(/./) };
}

/** The resources of the only statement that allows an action, as text. */
export function resourcesFor(statements: readonly Statement[], action: string): readonly string[] {
  const found = granting(statements, action);
  expect([action, found.length]).toEqual([action, 1]);
  return [found[0]!.Resource].flat().map((one) => JSON.stringify(one));
}

export const said = (props: (stack: Stack) => object, stack = someStack()) =>
  refusal(() => guardIn(stack, props(stack)));
