import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as organizations from 'aws-cdk-lib/aws-organizations';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { OrganizationConfig } from '../config';
import { brakeDocument } from '../core/organization';
import type { OrganizationBrakeVariables } from '../lambda/organization-brake';
import type { AlertTopic } from './alerts';
import { GuardFunction } from './guard-function';
import type { GuardSchedules } from './guard-schedule';
import { fixLogicalId } from './logical-ids';
import { nagText } from './nag-text';
import type { OrganizationTable } from './organization-table';
import { splitVariables } from './variables';

export interface OrganizationBrakeProps {
  readonly organization: OrganizationConfig;
  readonly settings: Pick<OrganizationBrakeVariables, 'ORGANIZATION'>;
  readonly table: OrganizationTable;
  readonly alerts: AlertTopic;
  readonly schedules: GuardSchedules;
}

/** A service control policy that denies what costs, and the one function that attaches it to an account and detaches it. */
export class OrganizationBrake extends Construct {
  readonly guardFunction: GuardFunction;
  readonly policy: organizations.CfnPolicy;

  constructor(scope: Construct, id: string, props: OrganizationBrakeProps) {
    super(scope, id);
    const { organization, settings, table, alerts, schedules } = props;
    this.policy = new organizations.CfnPolicy(this, 'Policy', {
      name: 'spend-guard-brake',
      description:
        'Spend guard: denies what costs in Amazon Bedrock. Attached and detached by organization-brake alone',
      type: 'SERVICE_CONTROL_POLICY',
      // No targetIds: what CloudFormation attached, the next deploy would attach again.
      content: brakeDocument(organization.brake.neverStop),
    });
    fixLogicalId(this.policy, 'BrakePolicy');
    fixLogicalId(
      new CfnOutput(this, 'PolicyId', {
        value: this.policy.attrId,
        description: "The brake's service control policy: while it is attached anywhere, this stack cannot be deleted",
      }),
      'BrakePolicyId',
    );
    const variables: OrganizationBrakeVariables = {
      ...settings,
      HUB_TABLE_NAME: table.table.tableName,
      BRAKE_POLICY_ID: this.policy.attrId,
      ALERT_TOPIC_ARN: alerts.topic.topicArn,
    };
    this.guardFunction = new GuardFunction(this, 'Brake', {
      feature: 'organization-brake',
      description: "Puts the organisation's brake on an account, and lifts it",
      ...splitVariables(variables),
      timeout: Duration.minutes(2),
    });
    table.grantBrake(this.guardFunction);
    this.guardFunction.allow(['sns:Publish'], [alerts.topic.topicArn]);
    this.allowPolicy(organization);
    schedules.run(this.guardFunction, {
      every: scheduler.ScheduleExpression.rate(Duration.minutes(5)),
      description: 'The brake of the organisation: what an event did not bring about, and what ends with time',
      maxEventAge: Duration.minutes(5),
      nextRunRepairs: true,
    });
    alerts.watchRuns(this.guardFunction, { after: Duration.minutes(30) });
    alerts.watchFailures(this.guardFunction);
  }

  /** Of the organisation's policies this one alone, and of what it may be attached to accounts alone: no unit, no root. */
  private allowPolicy({ organizationId }: OrganizationConfig): void {
    const { partition, account } = Stack.of(this);
    const accounts = `arn:${partition}:organizations::${account}:account/${organizationId}/*`;
    this.guardFunction.allow(
      ['organizations:AttachPolicy', 'organizations:DetachPolicy'],
      [this.policy.attrArn, accounts],
    );
    this.guardFunction.allow(['organizations:ListTargetsForPolicy'], [this.policy.attrArn]);
    this.guardFunction.acknowledgeWildcard(
      `Resource::${nagText(this, accounts)}`,
      'Any account of this organisation may need its brake; with no policy but the one named beside it.',
    );
  }
}
