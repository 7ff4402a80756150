import { CustomResource, Duration } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import type { TeardownVariables } from '../lambda/teardown/env';
import type { DenyPolicies } from './deny-policies';
import { GuardFunction } from './guard-function';

export interface TeardownProps {
  readonly denyPolicies: DenyPolicies;
  readonly invokerRole: iam.Role;
}

/**
 * Lifts every deny before the policies and the role go: what was attached outside CloudFormation would make the deletion
 * fail, or stay behind and keep somebody stopped (trap 18).
 */
export class Teardown extends Construct {
  readonly guardFunction: GuardFunction;
  private readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: TeardownProps) {
    super(scope, id);
    const { meter, large, bill } = props.denyPolicies;
    const variables: TeardownVariables = {
      POLICY_ARNS: JSON.stringify([meter, large, bill].map((policy) => policy.managedPolicyArn)),
    };
    this.guardFunction = new GuardFunction(this, 'Lift', {
      feature: 'teardown',
      description: 'Detaches the deny policies from everybody when the stack is deleted',
      variables,
      timeout: Duration.minutes(2),
    });
    props.denyPolicies.grantLift(this.guardFunction.role);
    this.resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::SpendGuardTeardown',
      serviceToken: this.guardFunction.function.functionArn,
      serviceTimeout: Duration.minutes(5),
    });
    // What is made before this is deleted after it: the role, the policies, and this function's permissions.
    this.resource.node.addDependency(this.guardFunction.role, props.invokerRole, props.denyPolicies);
  }

  /** Deletes `those` before it lifts: nothing may attach a deny again behind its back. */
  runsAfterDeletionOf(...those: readonly IConstruct[]): void {
    for (const one of those) one.node.addDependency(this.resource);
  }
}
