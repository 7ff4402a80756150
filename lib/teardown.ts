import { CustomResource, Duration } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct, type IConstruct } from 'constructs';
import type { TeardownVariables } from '../lambda/teardown/env';
import type { EnvironmentConfig } from '../config/guard-config';
import type { AutoStop } from './auto-stop';
import type { DenyPolicies } from './deny-policies';
import { GuardFunction } from './guard-function';
import type { Tables } from './tables';

export interface TeardownProps {
  readonly denyPolicies: DenyPolicies;
  readonly invokerRole: iam.Role;
  readonly environment: EnvironmentConfig;
  readonly tables: Tables;
  readonly autoStop: AutoStop;
}

/**
 * Lifts every deny before the policies and the role go: what was attached outside CloudFormation would make the deletion
 * fail, or stay behind and keep somebody stopped (trap 18). Wakes sleeping functions before the records of what they had go.
 */
export class Teardown extends Construct {
  readonly guardFunction: GuardFunction;
  private readonly resource: CustomResource;

  constructor(scope: Construct, id: string, props: TeardownProps) {
    super(scope, id);
    const { meter, large, bill } = props.denyPolicies;
    const variables: TeardownVariables = {
      ENVIRONMENT: props.environment.name,
      POLICY_ARNS: JSON.stringify([meter, large, bill].map((policy) => policy.managedPolicyArn)),
      STATE_TABLE_NAME: props.tables.state.tableName,
      KEEPS_STATE: props.environment.keepState ? 'true' : 'false',
      MANAGED_FUNCTIONS: JSON.stringify(props.environment.provisionedConcurrency),
    };
    this.guardFunction = new GuardFunction(this, 'Lift', {
      feature: 'teardown',
      description: 'Detaches the deny policies and wakes what sleeps when the stack is deleted',
      variables,
      // Waits for a dead run's claim on a sleeping function to end, if there is one.
      timeout: Duration.minutes(5),
    });
    props.denyPolicies.grantLift(this.guardFunction.role);
    props.autoStop.grantRestore(this.guardFunction);
    // So that no tick of the meter attaches again behind the lifting.
    this.guardFunction.allow(['dynamodb:Query', 'dynamodb:PutItem'], [props.tables.state.tableArn], {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['meter'] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
    this.resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::SpendGuardTeardown',
      serviceToken: this.guardFunction.function.functionArn,
      serviceTimeout: Duration.minutes(10),
    });
    // What is made before this is deleted after it: the role, the policies, and this function's permissions.
    this.resource.node.addDependency(this.guardFunction.role, props.invokerRole, props.denyPolicies, props.tables);
  }

  /** Deletes `those` before it lifts: nothing may attach a deny again behind its back. */
  runsAfterDeletionOf(...those: readonly IConstruct[]): void {
    for (const one of those) one.node.addDependency(this.resource);
  }
}
