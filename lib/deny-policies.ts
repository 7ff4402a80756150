import { CfnOutput, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { COSTLY_ACTIONS, INVOKE_ACTIONS } from '../core/costly-actions';
import { GuardError } from '../core/errors';
import { nagText } from './nag-text';

/** IAM's quota for a managed policy, white space not counted (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html). */
const MAX_POLICY_CHARACTERS = 6_144;

/** An intrinsic stands for an ARN; the longest here, an application inference profile's, has about 90. */
const RESOLVED_ARN_CHARACTERS = 120;

/** The most that a pseudo parameter inside an ARN can stand for. */
const PSEUDO_PARAMETER_CHARACTERS: Readonly<Record<string, number>> = {
  'AWS::Partition': 'aws-us-gov'.length,
  'AWS::Region': 'ap-northeast-1'.length,
  'AWS::AccountId': '111122223333'.length,
};

export interface LargeModel {
  /** Base model id. */
  readonly modelId: string;
  /**
   * The environment's own application inference profile.
   * @default - the model is called without one
   */
  readonly profileArn?: string;
}

export interface DenyPoliciesProps {
  /** What `degrade` takes away. */
  readonly largeModels: readonly LargeModel[];
}

/**
 * What stops a principal. One policy has one owner (trap 23): the meter attaches `meter` and `large`, AWS Budgets
 * attaches `bill`; neither touches the other's.
 */
export class DenyPolicies extends Construct {
  /** All that costs; the meter's. */
  readonly meter: iam.ManagedPolicy;
  /** The models of the large tier; the meter's. */
  readonly large: iam.ManagedPolicy;
  /** All that costs; Budgets'. */
  readonly bill: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, props: DenyPoliciesProps) {
    super(scope, id);
    // Descriptions are create-only in IAM: a changed word would replace the policy under whoever is stopped.
    this.meter = this.denyPolicy('Meter', 'Spend guard: denies all of Bedrock that costs. Attached by the meter', [
      denyAll(),
    ]);
    this.large = this.denyPolicy('Large', 'Spend guard: denies the large models. Attached by the meter', [
      this.denyLarge(props.largeModels),
    ]);
    this.bill = this.denyPolicy('Bill', 'Spend guard: denies all of Bedrock that costs. Attached by AWS Budgets', [
      denyAll(),
    ]);
  }

  /**
   * Lets the meter attach its two policies to `targets` and nobody else, and detach them from anybody: whom the configuration
   * dropped while stopped must be let go too. Never `bill`.
   * @param targets ARNs of roles, users and groups; one that is a token as a whole counts as a role's
   */
  grantConverge(role: iam.Role, targets: readonly string[]): void {
    const policies = [this.meter, this.large];
    this.grant(role, ['Attach'], targets, policies);
    this.grantDetachFromAnybody(
      role,
      policies,
      'Detaches its own two deny policies only, by condition, from whoever has them.',
    );
  }

  /**
   * Lets the teardown find all three wherever they are attached, and detach them: also from somebody whom the configuration
   * has dropped while stopped. The condition, not the resource, is the limit: it can lift these denies and nothing else.
   */
  grantLift(role: iam.Role): void {
    const policies = [this.meter, this.large, this.bill];
    this.grantDetachFromAnybody(
      role,
      policies,
      'Detaches the three deny policies only, by condition, from whoever has them when the stack goes.',
    );
    role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['iam:ListEntitiesForPolicy'],
        resources: policies.map((policy) => policy.managedPolicyArn),
      }),
    );
  }

  private grantDetachFromAnybody(role: iam.Role, policies: readonly iam.ManagedPolicy[], reason: string): void {
    const { partition, account } = Stack.of(this);
    const everybody = ['role', 'user', 'group'].map((kind) => `arn:${partition}:iam::${account}:${kind}/*`);
    this.grant(role, ['Detach'], everybody, policies);
    Validations.of(role).acknowledge(
      ...everybody.map((arn) => ({
        id: `AwsSolutions-IAM5[Resource::${nagText(this, arn)}]`,
        reason,
      })),
    );
  }

  private grant(
    grantee: iam.IGrantable,
    verbs: readonly ('Attach' | 'Detach')[],
    targets: readonly string[],
    policies: readonly iam.ManagedPolicy[],
  ): void {
    for (const kind of ['Role', 'User', 'Group'] as const) {
      const resources = targets.filter((arn) => this.kindOf(arn) === kind);
      if (resources.length === 0) continue;
      grantee.grantPrincipal.addToPrincipalPolicy(
        new iam.PolicyStatement({
          actions: verbs.map((verb) => `iam:${verb}${kind}Policy`),
          resources,
          conditions: { ArnEquals: { 'iam:PolicyARN': policies.map((policy) => policy.managedPolicyArn) } },
        }),
      );
    }
  }

  /** An ARN that is only known at deployment is the environment's own role. */
  private kindOf(arn: string): 'Role' | 'User' | 'Group' {
    if (/:user\//.test(arn)) return 'User';
    return /:group\//.test(arn) ? 'Group' : 'Role';
  }

  private denyPolicy(name: 'Meter' | 'Large' | 'Bill', description: string, statements: iam.PolicyStatement[]) {
    const policy = new iam.ManagedPolicy(this, name, { description, statements });
    const resource = policy.node.defaultChild as iam.CfnManagedPolicy;
    resource.overrideLogicalId(`Deny${name}Policy`);
    const size = policyCharacters(Stack.of(this).resolve(policy.document.toJSON()));
    if (size > MAX_POLICY_CHARACTERS) {
      throw new GuardError(
        'POLICY_TOO_LARGE',
        `deny-${name.toLowerCase()} would have ${size} characters, IAM takes ${MAX_POLICY_CHARACTERS}: list fewer models in models.large of config/budget-tiers.ts`,
      );
    }
    new CfnOutput(this, `${name}Arn`, {
      value: policy.managedPolicyArn,
      description,
    }).overrideLogicalId(`Deny${name}PolicyArn`);
    Validations.of(policy).acknowledge(
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'A deny on every resource: that nothing escapes it is what it is for.',
      },
      ...[
        ...new Set(statements.flatMap((statement) => statement.actions.filter((action) => action.includes('*')))),
      ].map((action) => ({
        id: `AwsSolutions-IAM5[Action::${action}]`,
        reason: 'A deny by verb: it covers actions that AWS adds later, and fits the size of a policy.',
      })),
      ...statements
        .flatMap((statement) => statement.resources)
        .filter((resource) => resource !== '*')
        .map((resource) => ({
          id: `AwsSolutions-IAM5[Resource::${nagText(this, resource)}]`,
          reason: 'A deny of one model in every Region and through every profile.',
        })),
    );
    return policy;
  }

  private denyLarge(models: readonly LargeModel[]): iam.PolicyStatement {
    const { partition, account } = Stack.of(this);
    const resources = models.flatMap(({ modelId, profileArn }) => [
      // `*` for the Region also matches the empty Region of a global profile's model (trap 4).
      `arn:${partition}:bedrock:*::foundation-model/${modelId}`,
      `arn:${partition}:bedrock:*:${account}:inference-profile/*.${modelId}`,
      ...(profileArn === undefined ? [] : [profileArn]),
    ]);
    // IAM wants a resource, and the meter and the outputs want the policy, even where there is nothing to deny. A model's id
    // is `maker.name`: one without a dot cannot exist.
    if (resources.length === 0) resources.push(`arn:${partition}:bedrock:*::foundation-model/none`);
    return new iam.PolicyStatement({
      sid: 'DenyLargeModels',
      effect: iam.Effect.DENY,
      actions: [...INVOKE_ACTIONS],
      resources,
    });
  }
}

function denyAll(): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'DenyWhatCosts',
    effect: iam.Effect.DENY,
    actions: [...COSTLY_ACTIONS],
    resources: ['*'],
  });
}

/** As IAM counts: without white space, and with what stands for an ARN at the length of one. */
export function policyCharacters(document: unknown): number {
  const json = JSON.stringify(document, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const intrinsic = Object.keys(value).some((key) => key === 'Ref' || key.startsWith('Fn::'));
    if (!intrinsic) return value;
    const join = (value as { 'Fn::Join'?: [string, unknown[]] })['Fn::Join'];
    if (!join) return 'x'.repeat(RESOLVED_ARN_CHARACTERS);
    return join[1].map((part) => (typeof part === 'string' ? part : 'x'.repeat(charactersOf(part)))).join('');
  });
  return json.replace(/\s/g, '').length;
}

function charactersOf(intrinsic: unknown): number {
  const { Ref } = intrinsic as { Ref?: string };
  return PSEUDO_PARAMETER_CHARACTERS[Ref ?? ''] ?? RESOLVED_ARN_CHARACTERS;
}
