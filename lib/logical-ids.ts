import { CfnOutput, Stack, type CfnElement } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';

const PREFIX = 'spend-guard:logical-id-prefix';

/**
 * What the guard's fixed logical ids begin with, from here on down the tree: nothing in a stack that is the guard's alone, in any other
 * the guard's path in it, for there may be several. To be called before it has children.
 */
export function prefixLogicalIds(guard: Construct): void {
  guard.node.setContext(PREFIX, pathWithin(Stack.of(guard), guard));
}

/** A logical id that people and programs know. */
export function fixedLogicalId(scope: Construct, id: string): string {
  return `${prefixOf(scope)}${id}`;
}

/** Gives a resource or an output such an id in place of the one that CDK makes. */
export function fixLogicalId(element: CfnElement, id: string): void {
  element.overrideLogicalId(fixedLogicalId(element, id));
}

/** The stack that is deployed: of a nested one that which it is nested in. */
export function deployedStack(scope: IConstruct): Stack {
  const stack = Stack.of(scope);
  return stack.nestedStackParent === undefined ? stack : deployedStack(stack.nestedStackParent);
}

/** The name of an output in the stack that is deployed. */
export function outputName(scope: Construct, id: string): string {
  return `${pathWithin(deployedStack(scope), Stack.of(scope))}${fixedLogicalId(scope, id)}`;
}

/** Nobody sees the outputs of a nested stack: each is made an output of the stack that is deployed, too. */
export function surfaceOutputs(guard: Construct): void {
  const deployed = deployedStack(guard);
  if (deployed === Stack.of(guard)) return;
  const nested = pathWithin(deployed, Stack.of(guard));
  for (const output of guard.node.findAll().filter((one) => one instanceof CfnOutput)) {
    const name = `${nested}${output.stack.resolve(output.logicalId) as string}`;
    const { value, description } = output;
    new CfnOutput(deployed, name, { value, ...(description === undefined ? {} : { description }) }).overrideLogicalId(
      name,
    );
  }
}

function prefixOf(scope: IConstruct): string {
  return (scope.node.tryGetContext(PREFIX) as string | undefined) ?? '';
}

function pathWithin(stack: IConstruct, construct: IConstruct): string {
  const ids = construct.node.scopes.slice(stack.node.scopes.length).map(({ node }) => node.id);
  return ids
    .filter((id) => id !== 'Default')
    .join('')
    .replaceAll(/[^A-Za-z0-9]/g, '');
}
