import * as z from 'zod/mini';
import type { Incoming } from '../../core/channels';
import { GuardError } from '../../core/errors';

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html (read 2026-11-29). */
const record = z.object({
  Sns: z.object({
    TopicArn: z.string().check(z.minLength(1)),
    MessageId: z.string().check(z.minLength(1)),
    Subject: z.nullish(z.string()),
    Message: z.string(),
    Timestamp: z.string(),
    MessageAttributes: z.nullish(z.record(z.string(), z.object({ Value: z.nullish(z.string()) }))),
  }),
});
/** Further keys, such as a clock for the local AWS, are allowed. */
const shape = z.union([
  z.object({ source: z.literal('schedule') }),
  z.object({ Records: z.array(record).check(z.minLength(1)) }),
]);

export type ChannelsEvent =
  /** What is still to be told. */
  { readonly kind: 'schedule' } | { readonly kind: 'messages'; readonly messages: readonly Incoming[] };

/** @throws GuardError EVENT_INVALID, which quotes nothing of a message */
export function parseEvent(event: unknown, now: number): ChannelsEvent {
  const parsed = shape.safeParse(event);
  if (!parsed.success) {
    throw new GuardError(
      'EVENT_INVALID',
      'channels takes {"source":"schedule"}, or messages of SNS: {"Records":[{"Sns":{...}}]}',
    );
  }
  const { data } = parsed;
  if ('source' in data) return { kind: 'schedule' };
  const messages = data.Records.map(({ Sns }): Incoming => {
    const at = Date.parse(Sns.Timestamp);
    const attributes = Object.entries(Sns.MessageAttributes ?? {}).flatMap(([name, { Value }]) =>
      typeof Value === 'string' ? [[name, Value] as const] : [],
    );
    return {
      topicArn: Sns.TopicArn,
      messageId: Sns.MessageId,
      subject: Sns.Subject ?? '',
      text: Sns.Message,
      at: Number.isNaN(at) ? now : at,
      attributes: Object.fromEntries(attributes),
    };
  });
  return { kind: 'messages', messages };
}
