import { type CfnElement, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

const PREFIX = 'spend-guard:logical-id-prefix';

/**
 * What the guard's fixed logical ids begin with, from here on down the tree: nothing in a stack that is the guard's alone, in any other
 * the guard's path in it, for there may be several. To be called before it has children.
 */
export function prefixLogicalIds(guard: Construct): void {
  const stack = Stack.of(guard);
  const path = guard.node.scopes.slice(stack.node.scopes.length).map(({ node }) => node.id);
  const prefix = path.filter((id) => id !== 'Default').join('');
  guard.node.setContext(PREFIX, prefix.replaceAll(/[^A-Za-z0-9]/g, ''));
}

/** A logical id, or the name of an output, that people and programs know. */
export function fixedLogicalId(scope: Construct, id: string): string {
  return `${(scope.node.tryGetContext(PREFIX) as string | undefined) ?? ''}${id}`;
}

/** Gives a resource or an output such an id in place of the one that CDK makes. */
export function fixLogicalId(element: CfnElement, id: string): void {
  element.overrideLogicalId(fixedLogicalId(element, id));
}
