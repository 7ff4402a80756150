import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GuardError } from '../../../core/errors';
import type { HowToSend, Mail, MailPort } from '../../../core/mail';
import { mailAttributes } from '../../../core/notice';
import { timeout } from '../pace';
import { calling } from '../service-error';

const REQUEST_MS = 8_000;

/**
 * Plain text to everybody who subscribed to the topic, and beside it the notices for those who can do more with them. What people have had by
 * SES goes by another topic: a filter of their subscriptions that leaves it out would also leave out what has no attributes at all, as
 * CloudWatch's alarms (https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html, read 2026-11-29).
 */
export class SnsMail implements MailPort {
  /** @param mailedTopicArn that nobody subscribes to by mail */
  constructor(
    private readonly topicArn: string,
    private readonly client = new SNSClient({}),
    private readonly mailedTopicArn = topicArn,
  ) {}

  async send(mail: Mail, { mailedBySes = false }: HowToSend = {}): Promise<void> {
    const { subject, body } = mail;
    // SNS's own limits; it would answer InvalidParameter without saying which.
    if (!/^[\x20-\x7e]{1,100}$/.test(subject)) {
      throw new GuardError('LIMIT_EXCEEDED', `a subject must be 1 to 100 ASCII characters, got '${subject}'`);
    }
    const attributes = Object.entries(mailAttributes(mail));
    await calling(() =>
      this.client.send(
        new PublishCommand({
          TopicArn: mailedBySes ? this.mailedTopicArn : this.topicArn,
          Subject: subject,
          Message: body,
          ...(attributes.length > 0 && {
            MessageAttributes: Object.fromEntries(
              attributes.map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
            ),
          }),
        }),
        { abortSignal: timeout(REQUEST_MS) },
      ),
    );
  }
}
