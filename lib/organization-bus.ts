import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { HUB_BUS_NAME } from '../config';
import { DECISION_DETAIL_TYPE, EVENT_SOURCE, STANDING_DETAIL_TYPE } from '../core/events';
import type { GuardFunction } from './guard-function';
import type { GuardSchedules } from './guard-schedule';
import { fixLogicalId } from './logical-ids';

export const HUB_BUS_OUTPUT = 'HubBusArn';

/** By then the guard that told it has told it anew. */
const LATEST = Duration.hours(1);
const TOLD = { source: [EVENT_SOURCE], detailType: [STANDING_DETAIL_TYPE, DECISION_DETAIL_TYPE] };

export interface OrganizationBusProps {
  readonly organizationId: string;
}

/** Where the guards of the organisation's accounts tell the hub how they stand. */
export class OrganizationBus extends Construct {
  readonly bus: events.EventBus;
  /** Of a name that is known at synth, so that no stack refers to it. */
  readonly arn: string;

  constructor(scope: Construct, id: string, { organizationId }: OrganizationBusProps) {
    super(scope, id);
    this.bus = new events.EventBus(this, 'Bus', {
      // Named: the members' stacks and their roles name it before there is anything to look it up by.
      eventBusName: HUB_BUS_NAME,
      description: "What the organisation's spend guards tell",
    });
    this.arn = Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: HUB_BUS_NAME });
    // Who puts the event is not in it: EventBridge writes the account into the envelope. The keys of a PutEvents:
    // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html, read 2026-11-29.
    new events.CfnEventBusPolicy(this, 'Policy', {
      eventBusName: this.bus.eventBusName,
      statementId: 'OrganizationTells',
      statement: {
        Sid: 'OrganizationTells',
        Effect: 'Allow',
        Principal: '*',
        Action: 'events:PutEvents',
        Resource: this.bus.eventBusArn,
        Condition: {
          StringEquals: {
            'aws:PrincipalOrgID': organizationId,
            'events:source': EVENT_SOURCE,
            'events:detail-type': [...TOLD.detailType],
          },
        },
      },
    });
    fixLogicalId(
      new CfnOutput(this, 'Arn', {
        value: this.bus.eventBusArn,
        description: 'organizationHub.busArn of an environment that tells this hub without the StackSet',
      }),
      HUB_BUS_OUTPUT,
    );
  }

  /** Runs a function with each event, and buries what it could not be given, or failed with. */
  tell(guardFunction: GuardFunction, schedules: GuardSchedules): void {
    schedules.buryFailures(guardFunction, LATEST);
    new events.Rule(this, 'Rule', {
      description: 'What the spend guards tell goes into the roll-up',
      eventBus: this.bus,
      eventPattern: TOLD,
      targets: [
        new targets.LambdaFunction(guardFunction.function, {
          deadLetterQueue: schedules.deadLetters,
          maxEventAge: LATEST,
          retryAttempts: 60,
        }),
      ],
    });
  }
}
