import { createHash } from 'node:crypto';
import { CfnElement, Lazy, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Stacks whose fingerprint is being taken. */
const beingTaken = new WeakSet<Stack>();

/**
 * A property for custom resources whose work must be done again by each deployment that changes anything: CloudFormation
 * updates a custom resource only when its properties change (trap 52;
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html, read
 * 2026-11-28). It hashes all else in the template of the stack, assets by their hashes; the same template has the same one.
 */
export function templateFingerprint(scope: Construct): string {
  const stack = Stack.of(scope);
  // Not kept: another one asks for this while its own is taken, and must then see nothing of it.
  // Nor taken while references are looked for: it has none, and what it hashes is looked through by itself.
  return Lazy.uncachedString({
    produce: ({ preparing }) => (preparing || beingTaken.has(stack) ? undefined : fingerprintOf(stack)),
  });
}

function fingerprintOf(stack: Stack): string {
  beingTaken.add(stack);
  try {
    const elements = stack.node.findAll().filter((one) => CfnElement.isCfnElement(one));
    const parts = elements.map((element) => JSON.stringify(stack.resolve(element._toCloudFormation())));
    return createHash('sha256').update(parts.sort().join('\n')).digest('hex').slice(0, 16);
  } finally {
    beingTaken.delete(stack);
  }
}
