import { decimalToNano, formatUsd, nanoUsd, parseDecimal, ZERO, type NanoUsd } from '../money';

/** What is billed because there are channels, a month of 31 days. Counted from the template, see `lib/channels-cost.ts`. */
export interface ChannelsCounts {
  readonly channels: readonly {
    readonly name: string;
    readonly kind: string;
    readonly secret?: { readonly service: string; readonly name: string };
  }[];
  readonly alarmMetrics: number;
  /** By the schedule; those that a message starts come to it. */
  readonly runs: number;
  readonly memoryMiB: number;
}

/** A run that finds nothing waiting asks the table once: what a tick of the meter takes is more than enough. */
const ASSUMED_LOOK_SECONDS = 2;
/** Remembered, claimed and done, each of a kilobyte or two; and what is known of the channel. */
const ASSUMED_WRITES_A_MESSAGE = 8;

/**
 * List prices of us-east-1 in dollars. Alarm, Lambda, Scheduler and DynamoDB: as in self-cost.ts. Secrets Manager and Parameter Store:
 * https://awsready.net/learn/aws-secrets-manager-parameter-store/, read 2026-11-29. SNS:
 * https://www.factualminds.com/blog/amazon-sns-pricing-publishes-fanout-protocols/ (2026-06-13), read 2026-11-29.
 */
const PRICES = {
  alarmMetric: '0.10',
  functionRun: '0.0000002',
  functionGbSecond: '0.0000133334',
  schedulerRun: '0.000001',
  stateWrite: '0.000000625',
  secret: '0.40',
  secretReads: '0.05',
  publish: '0.0000005',
  httpDelivery: '0.0000006',
} as const;

const MESSAGES = 1_000;

/** Beside what the guard itself costs, since whoever names a channel chooses to have it: a line for each part of it. */
export function channelsCostLines({ channels, alarmMetrics, runs, memoryMiB }: ChannelsCounts): readonly string[] {
  const gbSeconds = (count: number) => Math.ceil((count * ASSUMED_LOOK_SECONDS * memoryMiB) / 1024);
  const time = (count: number) =>
    plus(times(PRICES.functionRun, count), times(PRICES.functionGbSecond, gbSeconds(count)));
  const alarm = times(PRICES.alarmMetric, alarmMetrics);
  const schedule = plus(time(runs), times(PRICES.schedulerRun, runs));
  const message = plus(time(MESSAGES), times(PRICES.stateWrite, MESSAGES * ASSUMED_WRITES_A_MESSAGE));
  const chat = plus(message, times(PRICES.publish, MESSAGES), times(PRICES.httpDelivery, MESSAGES));
  const kept = new Set(channels.flatMap(({ secret }) => (secret ? [`${secret.service}:${secret.name}`] : [])));
  const managed = [...kept].filter((one) => one.startsWith('secretsmanager:')).length;
  const named = channels.map(({ name, kind }) => `${name} (${kind})`).join(', ');
  return [
    `channels, a month: ${formatUsd(plus(alarm, schedule))} with the free tier used up, for ${named}; messages, and what is unknown, come to it`,
    `  looking for what is still to be told (${runs} runs of at most ${ASSUMED_LOOK_SECONDS} seconds): ${formatUsd(schedule)}`,
    `  alarm (${alarmMetrics} metric): ${formatUsd(alarm)}`,
    `  each ${MESSAGES} messages to a channel: ${formatUsd(message)}; by a topic of Amazon Q ${formatUsd(chat)}`,
    ...(kept.size === 0
      ? []
      : [
          `  secrets, which are yours: ${managed} in Secrets Manager ${formatUsd(times(PRICES.secret, managed))} and $${PRICES.secretReads} for 10,000 reads; ${kept.size - managed} in Parameter Store $0.00 as standard parameters`,
        ]),
    '  unknown: logs, reads of the table, keys of your own, what Slack, Microsoft and PagerDuty charge; list prices of us-east-1',
  ];
}

function plus(...amounts: readonly NanoUsd[]): NanoUsd {
  return nanoUsd(amounts.reduce<number>((sum, one) => sum + one, 0));
}

function times(usd: string, count: number): NanoUsd {
  if (count === 0) return ZERO;
  const { digits, scale } = parseDecimal(usd);
  return decimalToNano({ digits: digits * BigInt(count), scale });
}
