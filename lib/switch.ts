import { createHash } from 'node:crypto';
import { CfnOutput, CustomResource, Duration, Stack, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import { type EnvironmentConfig, smallModelIds } from '../config';
import { FINGERPRINT } from '../core/estimates';
import { openDocument, switchDocument, switchName, SWITCH_PATH, type SwitchScope } from '../core/enforcement';
import { GuardError } from '../core/errors';
import type { SwitchVariables } from '../lambda/switch';
import type { AutoStop } from './auto-stop';
import type { DenyBill } from './deny-bill';
import { templateFingerprint } from './every-deploy';
import { GuardFunction } from './guard-function';
import { PRINCIPAL_KINDS, principalAction, type GuardedPrincipals } from './guarded-principals';
import { fixLogicalId } from './logical-ids';
import { nagText } from './nag-text';
import { MAX_POLICY_CHARACTERS, policyCharacters } from './policy-size';
import type { Tables } from './tables';
import { splitVariables } from './variables';

export interface SwitchProps {
  readonly environment: EnvironmentConfig;
  readonly invokerRole: iam.Role;
  readonly principals: GuardedPrincipals;
  readonly denyBill: DenyBill;
  readonly tables: Tables;
  readonly autoStop: AutoStop;
}

/**
 * What stops an environment: one managed policy, attached for good to everybody whom the guard holds, whose version in effect says
 * whether they may go on. The template makes it open; the deploy's function writes the other versions and gives it to people; the
 * meter decides which version is in effect, and nobody else.
 */
export class Switch extends Construct {
  readonly policy: iam.ManagedPolicy;
  /** Deploys, repairs at the meter's order, and undoes all when the stack goes. */
  readonly guardFunction: GuardFunction;
  private readonly principals: GuardedPrincipals;
  /** When it is deleted, everybody is let go. */
  readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: SwitchProps) {
    super(scope, id);
    const { environment, invokerRole, principals, denyBill, tables } = props;
    this.principals = principals;
    this.policy = this.openPolicy(environment.name, invokerRole);
    this.guardFunction = new GuardFunction(this, 'Deploy', {
      feature: 'switch',
      description: `Readies the switch of ${environment.name} on each deploy, and undoes it with the stack`,
      ...splitVariables(this.variables(props)),
      // Waits for a dead run's claim on a sleeping function to end, if there is one.
      timeout: Duration.minutes(5),
    });
    principals.tell(this.guardFunction);
    this.allow(props);
    this.resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::SpendGuardSwitch',
      serviceToken: this.guardFunction.function.functionArn,
      serviceTimeout: Duration.minutes(10),
      // People are given it on each deploy, not only where the switch itself has changed (trap 52).
      properties: {
        [FINGERPRINT]: templateFingerprint(this),
        // A parameter changes whom it is given, and nothing of the template.
        ...(principals.areLate ? { Principals: principals.variables.PRINCIPALS } : {}),
      },
    });
    // What is made before this is deleted after it: the roles, the policies, and this function's permissions.
    this.resource.node.addDependency(this.guardFunction.role, invokerRole, this.policy, denyBill, tables);
    fixLogicalId(
      new CfnOutput(this, 'Without', {
        value: this.resource.getAttString('Without'),
        description: 'Who could not be given the switch: a stop does not reach them',
      }),
      'SwitchWithout',
    );
    fixLogicalId(
      new CfnOutput(this, 'Still', {
        value: this.resource.getAttString('Still'),
        description: 'Who could not be let go, though the configuration does not name them any more',
      }),
      'SwitchStill',
    );
  }

  /** Deletes `those` before it lets everybody go: nothing may deny again behind its back. */
  runsAfterDeletionOf(...those: readonly IConstruct[]): void {
    for (const one of those) one.node.addDependency(this.resource);
  }

  /** Lets a function see which version is in effect, and what each says. */
  grantRead(to: GuardFunction): void {
    to.allow(['iam:ListPolicyVersions', 'iam:GetPolicyVersion'], [this.policy.managedPolicyArn]);
  }

  /** Lets the meter decide which version is in effect, see who has it, and give it to whoever lacks it: all it can do is deny. */
  grantSwitch(to: GuardFunction): void {
    this.grantRead(to);
    to.allow(['iam:SetDefaultPolicyVersion', 'iam:ListEntitiesForPolicy'], [this.policy.managedPolicyArn]);
    this.grantAttach(to);
    to.allow(['lambda:InvokeFunction'], [this.guardFunction.function.functionArn]);
  }

  private openPolicy(environment: string, invokerRole: iam.Role): iam.ManagedPolicy {
    const policy = new iam.ManagedPolicy(this, 'Policy', {
      managedPolicyName: switchName(environment),
      path: SWITCH_PATH,
      // Nothing of the resource may ever change: CloudFormation would put a new document in effect, or replace the policy.
      description: 'Spend guard: its version in effect says whether Bedrock may be used. Changed by the meter only',
      document: iam.PolicyDocument.fromJson(openDocument(sha256)),
      roles: [invokerRole],
    });
    fixLogicalId(policy.node.defaultChild as iam.CfnManagedPolicy, 'SwitchPolicy');
    fixLogicalId(
      new CfnOutput(this, 'Arn', {
        value: policy.managedPolicyArn,
        description: 'The switch: attached to everybody whom the guard holds',
      }),
      'SwitchPolicyArn',
    );
    Validations.of(policy).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Matches no request at all: the version that denies nothing has to say something.',
    });
    return policy;
  }

  private variables({ environment, principals, denyBill, tables }: SwitchProps): SwitchVariables {
    const { partition, account } = Stack.of(this);
    const smallModels = smallModelIds(environment.models);
    this.refuseTooLarge({ partition, account, smallModels });
    return {
      ENVIRONMENT: environment.name,
      SWITCH_ARN: this.policy.managedPolicyArn,
      DENY_BILL_ARN: denyBill.policy.managedPolicyArn,
      PARTITION: partition,
      ACCOUNT_ID: account,
      SMALL_MODELS: JSON.stringify(smallModels),
      ...principals.variables,
      STATE_TABLE_NAME: tables.state.tableName,
      KEEPS_STATE: environment.keepState ? 'true' : 'false',
      MANAGED_FUNCTIONS: JSON.stringify(environment.provisionedConcurrency),
    };
  }

  /** IAM refuses a version that is too long, and the deployment would find out in its middle. */
  private refuseTooLarge(scope: SwitchScope): void {
    const document = switchDocument('degraded', scope, sha256);
    const size = policyCharacters(Stack.of(this).resolve(document));
    if (size <= MAX_POLICY_CHARACTERS) return;
    throw new GuardError(
      'POLICY_TOO_LARGE',
      `the switch for degraded would have ${size} characters, IAM takes ${MAX_POLICY_CHARACTERS}: it names each small model, so list fewer in models.small of the config`,
    );
  }

  private allow({ denyBill, tables, autoStop }: SwitchProps): void {
    const { guardFunction: to, policy } = this;
    const both = [policy.managedPolicyArn, denyBill.policy.managedPolicyArn];
    this.grantRead(to);
    to.allow(
      ['iam:CreatePolicyVersion', 'iam:DeletePolicyVersion', 'iam:SetDefaultPolicyVersion'],
      [policy.managedPolicyArn],
    );
    to.allow(['iam:ListEntitiesForPolicy'], both);
    this.grantAttach(to);
    // Whom the configuration has dropped is let go too: the condition, not the resource, is the limit.
    for (const kind of PRINCIPAL_KINDS) {
      const anybody = this.principals.anybody(kind);
      to.allow([principalAction('Detach', kind)], [anybody], { ArnEquals: { 'iam:PolicyARN': both } });
      const reason = 'Takes off its own two policies only, by condition, from whoever has them.';
      to.acknowledgeWildcard(`Resource::${nagText(this, anybody)}`, reason);
    }
    autoStop.grantRestore(to);
    // So that no tick of the meter acts any more behind the deletion.
    to.allow(['dynamodb:Query', 'dynamodb:PutItem'], [tables.state.tableArn], {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['meter'] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
  }

  /** To those that the configuration names; where they are too many for a policy, to anybody of their kind. */
  private grantAttach(to: GuardFunction): void {
    const condition = { ArnEquals: { 'iam:PolicyARN': [this.policy.managedPolicyArn] } };
    this.principals.allowOnEach(({ kind, arns, isAnybody }) => {
      const reason = `Gives the switch, by condition, which can only deny: ${this.principals.whyAnybody}.`;
      for (const arn of isAnybody ? arns : []) to.acknowledgeWildcard(`Resource::${nagText(this, arn)}`, reason);
      return to.allow([principalAction('Attach', kind)], arns, condition);
    });
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
