import { CfnOutput, Duration, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { OrganizationConfig } from '../config';
import type { GuardFunction } from './guard-function';
import { fixLogicalId } from './logical-ids';

export interface OrganizationPeopleProps {
  readonly people: OrganizationConfig['people'];
  /** What a viewer may run. */
  readonly views: readonly GuardFunction[];
  /** What an operator may run besides. */
  readonly orders: readonly GuardFunction[];
  /** All of the hub, among which the command line looks for one by its tags. */
  readonly found: readonly GuardFunction[];
}

/**
 * The two roles by which people ask the hub and order: each may run its functions, and find them by their tags as the command line
 * does. What a function then does, it does under its own role.
 */
export class OrganizationPeople extends Construct {
  private readonly tagged: readonly string[];

  constructor(scope: Construct, id: string, { people, views, orders, found }: OrganizationPeopleProps) {
    super(scope, id);
    this.tagged = found.map((one) => one.function.functionArn);
    this.role('Viewer', 'reads the status and the report', people.viewers, views);
    this.role('Operator', 'approves, stops and lifts, and reads what a viewer reads', people.operators, [
      ...views,
      ...orders,
    ]);
  }

  /** None where nobody may assume it (trap 44). */
  private role(id: string, what: string, trusted: readonly string[], runs: readonly GuardFunction[]): void {
    if (trusted.length === 0) return;
    const role = new iam.Role(this, id, {
      description: `Organisation's spend guards: ${what}`,
      maxSessionDuration: Duration.hours(1),
      assumedBy: new iam.CompositePrincipal(...trusted.map((arn) => new iam.ArnPrincipal(arn))),
    });
    const functions = runs.map((one) => one.function.functionArn);
    role.addToPolicy(new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: functions }));
    role.addToPolicy(new iam.PolicyStatement({ actions: ['lambda:ListTags'], resources: [...this.tagged] }));
    role.addToPolicy(new iam.PolicyStatement({ actions: ['lambda:ListFunctions'], resources: ['*'] }));
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'Functions are listed on * or not at all: the command line finds those of the hub among them.',
    });
    fixLogicalId(
      new CfnOutput(this, `${id}Arn`, { value: role.roleArn, description: `Assume it: it ${what}` }),
      `${id}RoleArn`,
    );
  }
}
