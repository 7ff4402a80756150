import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type { IConstruct } from 'constructs';
import { ASSUMED_RUN_SECONDS, type HubCostCounts } from '../core/estimates';
import { Channels } from './channels';
import { OrganizationRollUp } from './organization-roll-up';
import { memoryOf, runsPerMonth } from './self-cost';

/** Counts what is billed in the constructs of an organisation's hub, but for its channels, which are counted apart. */
export function countHub(hub: IConstruct): HubCostCounts {
  const all = hub.node.findAll().filter((one) => !Channels.has(one));
  const runs = all
    .filter((one) => one instanceof scheduler.CfnSchedule)
    .map(({ scheduleExpression, node }) => ({
      count: runsPerMonth(scheduleExpression),
      memoryMiB: memoryOf(node.scopes),
    }));
  const rollUp = all.find((one) => one instanceof OrganizationRollUp)?.guardFunction.function;
  return {
    alarmMetrics: all.filter((one) => one instanceof cloudwatch.CfnAlarm).length,
    scheduledRuns: runs.reduce((sum, { count }) => sum + count, 0),
    scheduledGbSeconds: runs.reduce(
      (sum, { count, memoryMiB }) => sum + (count * ASSUMED_RUN_SECONDS * memoryMiB) / 1024,
      0,
    ),
    memoryMiB: (rollUp?.node.defaultChild as lambda.CfnFunction | undefined)?.memorySize ?? 0,
  };
}
