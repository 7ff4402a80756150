import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { GuardError } from '../../../core/errors';
import type { Mail, MailPort } from '../../../core/mail';
import { timeout } from '../pace';
import { calling } from '../service-error';

const REQUEST_MS = 8_000;

/** Plain text to everybody who subscribed to the topic. */
export class SnsMail implements MailPort {
  constructor(
    private readonly topicArn: string,
    private readonly client = new SNSClient({}),
  ) {}

  async send({ subject, body }: Mail): Promise<void> {
    // SNS's own limits; it would answer InvalidParameter without saying which.
    if (!/^[\x20-\x7e]{1,100}$/.test(subject)) {
      throw new GuardError('LIMIT_EXCEEDED', `a subject must be 1 to 100 ASCII characters, got '${subject}'`);
    }
    await calling(() =>
      this.client.send(new PublishCommand({ TopicArn: this.topicArn, Subject: subject, Message: body }), {
        abortSignal: timeout(REQUEST_MS),
      }),
    );
  }
}
