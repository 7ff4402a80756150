import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** How cdk-nag writes a resource of a policy: `<LogicalId.Attribute>` in the place of each reference, `<AWS::AccountId>` for one; an import by its name. */
export function nagText(scope: Construct, resource: string): string {
  return textOf(Stack.of(scope).resolve(resource));
}

function textOf(resource: unknown): string {
  if (typeof resource === 'string') return resource;
  const intrinsic = resource as {
    Ref?: string;
    'Fn::GetAtt'?: [string, string];
    'Fn::ImportValue'?: unknown;
    'Fn::Join'?: [string, unknown[]];
  };
  if (intrinsic.Ref !== undefined) return `<${intrinsic.Ref}>`;
  if (intrinsic['Fn::GetAtt']) return `<${intrinsic['Fn::GetAtt'].join('.')}>`;
  if (intrinsic['Fn::ImportValue'] !== undefined) return textOf(intrinsic['Fn::ImportValue']);
  return (intrinsic['Fn::Join']?.[1] ?? []).map(textOf).join('');
}
