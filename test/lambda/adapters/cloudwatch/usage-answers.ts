import { CloudWatchClient, GetMetricDataCommand, type GetMetricDataCommandOutput } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { at } from '../../../helpers/meter-world';

export const FROM = at('2026-11-01T00:00');

export const TO = at('2026-11-10T13:00');

export const client = mockClient(CloudWatchClient);

/** The pages of every request, each but the first behind a token of its own. */
export function pages(...all: readonly Partial<GetMetricDataCommandOutput>[]): void {
  client.on(GetMetricDataCommand).callsFake(async ({ NextToken }: { NextToken?: string }) => {
    const position = Number(NextToken ?? 0);
    return { ...all[position], ...(position < all.length - 1 && { NextToken: String(position + 1) }) };
  });
}

export const asked = (call = 0) => client.commandCalls(GetMetricDataCommand)[call]!.args[0].input;
