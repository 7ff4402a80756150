import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type { IConstruct } from 'constructs';
import { type ChannelsCounts, channelsCostLines } from '../core/estimates';
import { Channels } from './channels';
import { memoryOf, runsPerMonth } from './self-cost';

/** What synth says of the channels that are in a guard, in a hub, or in the stack of one; nothing where there are none. */
export function channelsLines(guard: IConstruct): readonly string[] {
  const counts = countChannels(guard);
  return counts ? channelsCostLines(counts) : [];
}

/** Of the channels that are in a stack, or in a guard; undefined where there are none. */
export function countChannels(guard: IConstruct): ChannelsCounts | undefined {
  const all = guard.node.findAll();
  const channels = all.find((construct) => construct instanceof Channels);
  if (channels === undefined) return undefined;
  const own = all.filter((construct) => Channels.has(construct));
  const schedules = own.filter((construct) => construct instanceof scheduler.CfnSchedule);
  return {
    channels: channels.channels,
    alarmMetrics: own.filter((construct) => construct instanceof cloudwatch.CfnAlarm).length,
    runs: schedules.reduce((sum, { scheduleExpression }) => sum + runsPerMonth(scheduleExpression), 0),
    memoryMiB: Math.max(...schedules.map(({ node }) => memoryOf(node.scopes))),
  };
}
