import { CfnOutput, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { COSTLY_ACTIONS, COSTLY_BESIDES_MODELS, INVOKE_VERB } from '../core/costly-actions';
import { GuardError } from '../core/errors';
import { nagText } from './nag-text';
import { MAX_POLICY_CHARACTERS, policyCharacters } from './policy-size';

export interface DenyPoliciesProps {
  /** Base ids of all that `degrade` leaves: whatever is not here is taken away. */
  readonly smallModels: readonly string[];
}

/**
 * What stops a principal. One policy has one owner (trap 23): the meter attaches `meter` and `large`, AWS Budgets
 * attaches `bill`; neither touches the other's.
 */
export class DenyPolicies extends Construct {
  /** All that costs; the meter's. */
  readonly meter: iam.ManagedPolicy;
  /** All that costs but calls of small models; the meter's. */
  readonly large: iam.ManagedPolicy;
  /** All that costs; Budgets'. */
  readonly bill: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, props: DenyPoliciesProps) {
    super(scope, id);
    // Descriptions are create-only in IAM: a changed word would replace the policy under whoever is stopped.
    this.meter = this.denyPolicy('Meter', 'Spend guard: denies all of Bedrock that costs. Attached by the meter', [
      denyOnEverything(COSTLY_ACTIONS),
    ]);
    this.large = this.denyPolicy('Large', 'Spend guard: denies the large models. Attached by the meter', [
      denyOnEverything(COSTLY_BESIDES_MODELS),
      this.denyAllBut(props.smallModels),
    ]);
    this.bill = this.denyPolicy('Bill', 'Spend guard: denies all of Bedrock that costs. Attached by AWS Budgets', [
      denyOnEverything(COSTLY_ACTIONS),
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
        `deny-${name.toLowerCase()} would have ${size} characters, IAM takes ${MAX_POLICY_CHARACTERS}: it names each small model, so list fewer in models.small of config/budget-tiers.ts`,
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
    );
    return policy;
  }

  /**
   * An allow-list: a model that is in no list, a Region or a kind of model that nobody has thought of, a router or a reservation
   * is denied as well. A profile hides no model: Bedrock checks the model behind it too (trap 4; for application profiles also,
   * https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html, read 2026-11-28).
   */
  private denyAllBut(smallModels: readonly string[]): iam.PolicyStatement {
    const { partition, account } = Stack.of(this);
    return new iam.PolicyStatement({
      sid: 'DenyAllButSmallModels',
      effect: iam.Effect.DENY,
      actions: [INVOKE_VERB],
      notResources: [
        ...['inference-profile', 'application-inference-profile'].map(
          (kind) => `arn:${partition}:bedrock:*:${account}:${kind}/*`,
        ),
        // `*` for the Region also matches the empty Region of a global profile's model (trap 4).
        ...smallModels.map((modelId) => `arn:${partition}:bedrock:*::foundation-model/${modelId}`),
      ],
    });
  }
}

function denyOnEverything(actions: readonly string[]): iam.PolicyStatement {
  return new iam.PolicyStatement({
    sid: 'DenyWhatCosts',
    effect: iam.Effect.DENY,
    actions: [...actions],
    resources: ['*'],
  });
}
