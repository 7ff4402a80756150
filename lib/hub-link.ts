import { Duration, Stack, Validations } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { hubRuleName } from '../config';
import { DECISION_DETAIL_TYPE, EVENT_SOURCE, STANDING_DETAIL_TYPE } from '../core/events';

export interface HubLinkProps {
  readonly environment: string;
  /** ARN of the bus in the hub's account. */
  readonly busArn: string;
  /** Where what the hub did not take is buried. */
  readonly deadLetters: sqs.Queue;
}

/** By then the guard has told the hub anew: it does so each hour. */
const LATEST = Duration.hours(1);

/** Forwards what the guard tells on its account's default bus to the bus of the organisation's hub. Nothing comes back by it. */
export class HubLink extends Construct {
  constructor(scope: Construct, id: string, { environment, busArn, deadLetters }: HubLinkProps) {
    super(scope, id);
    const stack = Stack.of(this);
    // Named, so that role and queue can say which rule they are for: it needs them to be made.
    const ruleName = hubRuleName(environment);
    const ruleArn = stack.formatArn({ service: 'events', resource: 'rule', resourceName: ruleName });
    const role = new iam.Role(this, 'Role', {
      description: "Sends what the spend guard tells to the organisation's hub",
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html: the ARN of the rule, and its account; read 2026-11-29
      assumedBy: new iam.ServicePrincipal('events.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': stack.account }, ArnEquals: { 'aws:SourceArn': ruleArn } },
      }),
    });
    role.addToPolicy(new iam.PolicyStatement({ actions: ['events:PutEvents'], resources: [busArn] }));
    deadLetters.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'WhatTheHubDidNotTake',
        actions: ['sqs:SendMessage'],
        principals: [new iam.ServicePrincipal('events.amazonaws.com')],
        resources: [deadLetters.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': ruleArn } },
      }),
    );
    const rule = new events.Rule(this, 'Rule', {
      ruleName,
      description: "Tells the organisation's hub how the guard stands",
      eventPattern: { source: [EVENT_SOURCE], detailType: [STANDING_DETAIL_TYPE, DECISION_DETAIL_TYPE] },
      targets: [
        {
          bind: () => ({
            arn: busArn,
            role,
            deadLetterConfig: { arn: deadLetters.queueArn },
            retryPolicy: { maximumEventAgeInSeconds: LATEST.toSeconds(), maximumRetryAttempts: 60 },
          }),
        },
      ],
    });
    Validations.of(rule).acknowledge({
      id: 'CloudFormation-Validate::W1030',
      reason: 'It looks at the default of a parameter, an empty one, with which a condition leaves the rule out.',
    });
  }
}
