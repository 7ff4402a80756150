import { channelsCostLines } from '../../../core/estimates';
import { countChannels } from '../../../lib/channels-cost';
import { countBillable } from '../../../lib/self-cost';
import { stackOf } from '../../helpers/guard-stack';
import { SOME_CHANNELS } from '../../helpers/some-channels';
import { environmentOf } from '../../helpers/stack';

const with_ = (channels: object) => stackOf(environmentOf('dev', { channels }));

test('what the guard itself costs is the same with channels: they are said apart', () => {
  expect(countBillable(with_(SOME_CHANNELS))).toEqual(countBillable(stackOf(environmentOf('dev'))));
});

test('nothing is said where there are none', () => {
  expect(countChannels(stackOf(environmentOf('dev')))).toBeUndefined();
});

test('a line for each part, to the cent', () => {
  const counts = countChannels(with_(SOME_CHANNELS))!;
  expect(counts).toMatchObject({ alarmMetrics: 1, runs: 31 * 288, memoryMiB: 256 });
  // 8,928 runs: $0.0018 of requests, 4,464 GB-seconds at $0.0595, and $0.0089 of Scheduler. 1,000 messages: $0.0002, $0.0067, $0.005.
  expect(channelsCostLines(counts)).toEqual([
    'channels, a month: $0.17 with the free tier used up, for finance (slack), bot (slackBot), hook (slackWebhook), team (teams), flow (teamsWebhook), pager (pagerDuty), web (webhook); messages, and what is unknown, come to it',
    '  looking for what is still to be told (8928 runs of at most 2 seconds): $0.07',
    '  alarm (1 metric): $0.10',
    '  each 1000 messages to a channel: $0.01; by a topic of Amazon Q $0.01',
    '  secrets, which are yours: 2 in Secrets Manager $0.80 and $0.05 for 10,000 reads; 3 in Parameter Store $0.00 as standard parameters',
    '  unknown: logs, reads of the table, keys of your own, what Slack, Microsoft and PagerDuty charge; list prices of us-east-1',
  ]);
});

test('a secret that several channels share is paid for once, and of chats there is none', () => {
  const line = (channels: object) =>
    channelsCostLines(countChannels(with_(channels))!).find((one) => one.includes('secrets'));
  const { finance, bot } = SOME_CHANNELS;
  expect(line({ bot, other: { ...bot, channelId: 'C0123OTHERS' } })).toContain('1 in Secrets Manager $0.40');
  expect(line({ finance })).toBeUndefined();
});
