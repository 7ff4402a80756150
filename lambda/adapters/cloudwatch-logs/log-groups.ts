import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { LogGroupsPort } from '../../../core/spenders';
import { calling } from '../service-error';

/** Log groups of the client's own Region, without those of linked accounts. */
export function logGroups(client = new CloudWatchLogsClient({})): LogGroupsPort {
  return {
    async group(name, signal) {
      // "The results are ASCII-sorted by log group name" (DescribeLogGroups, @aws-sdk/client-cloudwatch-logs 3.1164.0, read
      // 2026-11-29): of all names that begin so, the name itself is the first.
      const command = new DescribeLogGroupsCommand({ logGroupNamePrefix: name, limit: 1 });
      const { logGroups: found = [] } = await calling(() => client.send(command, { abortSignal: signal }));
      const group = found.find(({ logGroupName }) => logGroupName === name);
      if (group === undefined) return undefined;
      const { logGroupClass, retentionInDays } = group;
      return {
        ...(logGroupClass !== undefined && { logClass: logGroupClass }),
        ...(retentionInDays !== undefined && { retentionDays: retentionInDays }),
      };
    },
  };
}
