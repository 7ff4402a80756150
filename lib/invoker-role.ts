import { CfnOutput, Duration, Lazy, Stack, Validations } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { AssumableBy, ResolvedModel } from '../config';
import { KEYS_OF_CALLERS } from '../core/callers';
import { INVOKE_ACTIONS } from '../core/enforcement';
import { type BudgetNode, ENVIRONMENT_BUDGET, keysOfBudget, keysWithin } from '../core/shared-budgets';
import type { InferenceProfiles } from './inference-profiles';
import { inPolicies } from './invoker-policies';
import { fixLogicalId } from './logical-ids';
import { modelArns, type ModelArns } from './model-arns';
import { nagText } from './nag-text';
import { shareBudget } from './shared-budgets';
import { tasksPrincipal } from './tasks-principal';

export interface InvokerRoleProps {
  readonly environment: string;
  readonly models: readonly ResolvedModel[];
  /** @default - the models are called directly: the account holds this environment only */
  readonly profiles?: InferenceProfiles;
  readonly assumableBy: AssumableBy;
  /** Within the environment's own: the role may reserve in all of them. @default - none */
  readonly budgets?: readonly BudgetNode[];
  /** Where callers with the in-path plugin share the budget. */
  readonly leases: dynamodb.TableV2;
}

/** A model, and what stands in a policy for it. */
interface CalledModel extends ModelArns {
  /** The environment's own profile, where it has them. */
  readonly ownProfile?: string;
}

/** Its trust policy is written here alone: who is let in by CDK's own verb must be in it. */
class AssumedRole extends iam.Role {
  constructor(
    scope: Construct,
    id: string,
    private readonly trust: (principal: iam.IPrincipal) => void,
    props: iam.RoleProps,
  ) {
    super(scope, id, props);
  }

  override grantAssumeRole(principal: iam.IPrincipal): iam.Grant {
    this.trust(principal);
    return super.grantAssumeRole(principal);
  }
}

/** The environment's identity: may call its own models, by its own profiles, and share its budget; nothing else. */
export class InvokerRole extends Construct {
  readonly role: iam.Role;
  private readonly trusted: iam.IPrincipal[] = [];
  private readonly ofApp: iam.IPrincipal[] = [];

  constructor(scope: Construct, id: string, props: InvokerRoleProps) {
    super(scope, id);
    const stack = Stack.of(this);
    this.role = new AssumedRole(this, 'Role', (principal) => this.ofApp.push(principal), {
      description: `Calls the Bedrock models of environment ${props.environment}`,
      maxSessionDuration: Duration.hours(1),
      // Replaced below by a document that may be empty of Allows: CDK wants a principal, and there may be none yet.
      assumedBy: new iam.AccountPrincipal(stack.account),
    });
    const resource = this.role.node.defaultChild as iam.CfnRole;
    fixLogicalId(resource, 'InvokerRole');
    resource.addPropertyOverride(
      'AssumeRolePolicyDocument',
      Lazy.any({ produce: () => this.trustDocument().toJSON() }),
    );
    for (const arn of props.assumableBy.principals) this.trusted.push(new iam.ArnPrincipal(arn));
    if (props.assumableBy.githubOidc) this.trusted.push(githubPrincipal(stack, props.assumableBy.githubOidc));

    this.allowCalls(props);
    fixLogicalId(
      new CfnOutput(this, 'Arn', {
        value: this.role.roleArn,
        description: `Assume this role to call the models of ${props.environment}`,
      }),
      'InvokerRoleArn',
    );
  }

  /** Lets a role assume this one, and gives it the permission. */
  grantAssume(role: iam.Role): void {
    this.trusted.push(new iam.ArnPrincipal(role.roleArn));
    role.addToPolicy(new iam.PolicyStatement({ actions: ['sts:AssumeRole'], resources: [this.role.roleArn] }));
  }

  /** The app does, by a verb. */
  get trustsSomebody(): boolean {
    return this.ofApp.length > 0;
  }

  /** Lets a role or user assume this one, if it is permitted to. */
  trustArn(arn: string): void {
    this.ofApp.push(new iam.ArnPrincipal(arn));
  }

  /** Lets the account's tasks of ECS run under this role. */
  trustTasks(): void {
    this.trusted.push(tasksPrincipal(Stack.of(this)));
  }

  private allowCalls(props: InvokerRoleProps): void {
    const stack = Stack.of(this);
    const models = props.models.map((model): CalledModel => ({
      ...modelArns(stack, model),
      ...(props.profiles ? { ownProfile: props.profiles.arnOf(model) } : {}),
    }));
    const { environment, budgets = [], leases } = props;
    const within = budgets.length === 0 ? [] : [keysWithin(environment, ENVIRONMENT_BUDGET)];
    const keys = [...keysOfBudget(environment, ENVIRONMENT_BUDGET), ...within];
    // The server that asks who calls runs as this role: it must not be able to make a key, nor to give one another budget.
    const besides = [...shareBudget({ environment, leases, keys, reads: [KEYS_OF_CALLERS] }), ...refusals()];
    const [inline = besides, ...managed] = inPolicies(stack, models, callStatements, besides);
    this.role.attachInlinePolicy(new iam.Policy(this, 'CallModels', { statements: [...inline], roles: [] }));
    managed.forEach((statements, at) => {
      new iam.ManagedPolicy(this, `CallMoreModels${at + 1}`, {
        // Create-only in IAM: nothing in it may change.
        description: 'Spend guard: calls of models, for which the inline policy has no room',
        statements: [...statements],
        // Here, not on the role: CloudFormation then leaves alone what the guard attaches to the role.
        roles: [this.role],
      });
    });
    Validations.of(this).acknowledge(
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'Only in Deny statements: service tiers and batch jobs are refused on every resource.',
      },
      ...[...new Set(models.flatMap((one) => one.models))]
        .filter((arn) => arn.includes('*'))
        .map((arn) => ({
          id: `AwsSolutions-IAM5[Resource::${nagText(this, arn)}]`,
          reason: 'No document says where its calls land: any Region, through the own profile only, by condition.',
        })),
    );
  }

  private trustDocument(): iam.PolicyDocument {
    const document = new iam.PolicyDocument();
    const trusted = [...this.trusted, ...this.ofApp];
    for (const principal of trusted) {
      document.addStatements(
        new iam.PolicyStatement({
          actions: [principal.assumeRoleAction],
          principals: [principal],
          ...(Object.keys(principal.policyFragment.conditions).length > 0
            ? { conditions: principal.policyFragment.conditions }
            : {}),
        }),
      );
    }
    if (trusted.length === 0) {
      document.addStatements(
        new iam.PolicyStatement({
          sid: 'NobodyYet',
          effect: iam.Effect.DENY,
          actions: ['sts:AssumeRole'],
          principals: [new iam.AnyPrincipal()],
        }),
      );
    }
    return document;
  }
}

/**
 * Calls of some models. A model behind a profile may be called through it only. The system profile in the condition opens
 * nothing by itself where there is an own one, as it is no allowed resource then; documents differ on which of the two the key
 * holds.
 */
function callStatements(called: readonly CalledModel[]): iam.PolicyStatement[] {
  const behind = called.filter(({ ownProfile, systemProfile }) => ownProfile ?? systemProfile);
  const direct = called.filter(({ ownProfile, systemProfile }) => !(ownProfile ?? systemProfile));
  const allow = (sid: string, resources: readonly string[], conditions = {}) =>
    resources.length === 0
      ? []
      : [
          new iam.PolicyStatement({
            sid,
            actions: [...INVOKE_ACTIONS],
            resources: [...new Set(resources)],
            ...conditions,
          }),
        ];
  const profiles = behind.flatMap(({ ownProfile, systemProfile }) => ownProfile ?? systemProfile ?? []);
  const systems = behind.flatMap(({ systemProfile }) => systemProfile ?? []);
  return [
    ...allow('CallProfiles', profiles),
    ...allow(
      'CallModelsThroughProfiles',
      behind.flatMap(({ models }) => models),
      { conditions: { StringEquals: { 'bedrock:InferenceProfileArn': [...new Set([...profiles, ...systems])] } } },
    ),
    ...allow(
      'CallModels',
      direct.flatMap(({ models }) => models),
    ),
  ];
}

function refusals(): iam.PolicyStatement[] {
  return [
    // StringEquals, not a negated operator: that would also match where the key is absent (trap 31).
    new iam.PolicyStatement({
      sid: 'NoDearServiceTier',
      effect: iam.Effect.DENY,
      actions: [...INVOKE_ACTIONS],
      resources: ['*'],
      conditions: { StringEquals: { 'bedrock:ServiceTier': ['priority', 'reserved'] } },
    }),
    // Runs under a service role, so that a later deny on this role would not stop it (trap 29).
    new iam.PolicyStatement({
      sid: 'NoBatchJobs',
      effect: iam.Effect.DENY,
      actions: ['bedrock:CreateModelInvocationJob'],
      resources: ['*'],
    }),
  ];
}

/** One repository and one kind of token. Subject and audience by GitHub's guide to OIDC in AWS. */
function githubPrincipal(stack: Stack, github: NonNullable<AssumableBy['githubOidc']>): iam.PrincipalBase {
  const issuer = 'token.actions.githubusercontent.com';
  return new iam.WebIdentityPrincipal(`arn:${stack.partition}:iam::${stack.account}:oidc-provider/${issuer}`, {
    StringEquals: {
      [`${issuer}:aud`]: 'sts.amazonaws.com',
      [`${issuer}:sub`]: `repo:${github.repository}:${github.subject}`,
    },
  });
}
