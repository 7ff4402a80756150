import type { Resolver } from './resolver';

/** What a managed policy of the stack denies; what it may allow plays no part here. */
export interface DenyPolicy {
  readonly arn: string;
  readonly logicalId: string;
  /** Whether a call of a model is denied, by what the call names: profile, model in a destination Region. */
  denies(action: string, resourceArns: readonly string[]): boolean;
}

/** As the template has it. */
export interface ManagedPolicy extends DenyPolicy {
  readonly document: unknown;
  /** Roles that the template attaches it to. */
  readonly roles: readonly string[];
}

interface Statement {
  readonly actions: readonly RegExp[];
  readonly notActions: readonly RegExp[];
  readonly resources: readonly RegExp[];
  readonly notResources: readonly RegExp[];
}

/** All managed policies of a stack, by ARN. */
export function readPolicies(resolver: Resolver): Map<string, ManagedPolicy> {
  const policies = resolver.ofType('AWS::IAM::ManagedPolicy').map(([logicalId, { Properties }]): ManagedPolicy => {
    const document = resolver.resolve(Properties?.['PolicyDocument']);
    const roles = (resolver.resolve(Properties?.['Roles'] ?? []) as unknown[]).map(String);
    const unsupported = (what: string) => resolver.unsupported(`${logicalId}: ${what}`);
    return { arn: resolver.arn(logicalId), logicalId, document, roles, denies: denialsOf(document, unsupported) };
  });
  return new Map(policies.map((policy) => [policy.arn, policy]));
}

/** Which calls of a model a policy's text denies. @throws what `unsupported` makes, on a Deny that holds for some calls only */
export function denialsOf(document: unknown, unsupported: (what: string) => Error): DenyPolicy['denies'] {
  const { Statement: all = [] } = document as { Statement?: Record<string, unknown> | Record<string, unknown>[] };
  const denials = [all].flat().filter((one) => one['Effect'] === 'Deny');
  const statements = denials.map((one): Statement => {
    if (one['Condition'] !== undefined) throw unsupported('a Deny with a Condition');
    return {
      actions: patterns(one['Action']),
      notActions: patterns(one['NotAction']),
      resources: patterns(one['Resource']),
      notResources: patterns(one['NotResource']),
    };
  });
  return (action, resourceArns) => statements.some((statement) => matches(statement, action, resourceArns));
}

/** One denied resource is enough: a call through a profile is authorised on the profile and on the model. */
function matches(
  { actions, notActions, resources, notResources }: Statement,
  action: string,
  resourceArns: readonly string[],
): boolean {
  const named = actions.length > 0 ? any(actions, action) : notActions.length > 0 && !any(notActions, action);
  const on = (arn: string) =>
    resources.length > 0 ? any(resources, arn) : notResources.length > 0 && !any(notResources, arn);
  return named && resourceArns.some(on);
}

const any = (expressions: readonly RegExp[], text: string) => expressions.some((one) => one.test(text));

function patterns(value: unknown): RegExp[] {
  const texts = value === undefined ? [] : Array.isArray(value) ? value : [value];
  return texts.map((text) => {
    const escaped = String(text).replace(/[.+^${}()|[\]\\]/g, '\\$&');
    return new RegExp(`^${escaped.replace(/\*/g, '.*').replace(/\?/g, '.')}$`, 'i');
  });
}
