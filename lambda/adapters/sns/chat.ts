import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import type { ChatPort } from '../../../core/channels';
import { timeout } from '../pace';
import { calling } from '../service-error';

const REQUEST_MS = 8_000;

/** Topics that Amazon Q Developer in chat applications reads. Once: the SDK's own retry could say it twice without a word. */
export function snsChat(client = new SNSClient({ maxAttempts: 1 })): ChatPort {
  return {
    async publish(topicArn, message) {
      const command = new PublishCommand({ TopicArn: topicArn, Message: message });
      await calling(() => client.send(command, { abortSignal: timeout(REQUEST_MS) }));
    },
  };
}
