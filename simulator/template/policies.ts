import type { Resolver } from './resolver';

/** What a managed policy of the stack denies; what it may allow plays no part here. */
export interface DenyPolicy {
  readonly arn: string;
  readonly logicalId: string;
  /** Whether a call of a model is denied, by what the call names: profile, model in a destination Region. */
  denies(action: string, resourceArns: readonly string[]): boolean;
}

interface Statement {
  readonly actions: readonly RegExp[];
  readonly notActions: readonly RegExp[];
  readonly resources: readonly RegExp[];
  readonly notResources: readonly RegExp[];
}

/** All managed policies of a stack, by ARN. */
export function readPolicies(resolver: Resolver): Map<string, DenyPolicy> {
  const policies = resolver.ofType('AWS::IAM::ManagedPolicy').map(([logicalId, { Properties }]): DenyPolicy => {
    const document = resolver.resolve(Properties?.['PolicyDocument']) as { Statement?: Record<string, unknown>[] };
    const denials = (document.Statement ?? []).filter((one) => one['Effect'] === 'Deny');
    const statements = denials.map((one): Statement => {
      // A condition that holds for some calls only would make a wrong policy look right.
      if (one['Condition'] !== undefined) throw resolver.unsupported(`${logicalId}: a Deny with a Condition`);
      return {
        actions: patterns(one['Action']),
        notActions: patterns(one['NotAction']),
        resources: patterns(one['Resource']),
        notResources: patterns(one['NotResource']),
      };
    });
    return {
      arn: resolver.arn(logicalId),
      logicalId,
      denies: (action, resourceArns) => statements.some((statement) => matches(statement, action, resourceArns)),
    };
  });
  return new Map(policies.map((policy) => [policy.arn, policy]));
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
