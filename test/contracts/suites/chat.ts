import type { ChatPort } from '../../../core/channels/ports';
import { contract } from './contract';

export interface ChatSubject {
  readonly port: ChatPort;
  readonly topicArn: string;
  /** What the topic's subscriber was sent, oldest first. */
  readonly received: () => Promise<readonly string[]>;
  readonly throttle: () => Promise<void>;
}

export const chatContract = contract<ChatSubject>('chat', [
  {
    name: 'each message arrives as it was sent, in order',
    async run({ port, topicArn, received }) {
      const messages = ['{"version":"1.0","title":"≥ 95% \\u200b*"}', '{"version":"1.0"}'];
      for (const message of messages) await port.publish(topicArn, message);
      expect(await received()).toEqual(messages);
    },
  },
  {
    name: 'a topic that is not there is not found',
    async run({ port, topicArn }) {
      const gone = port.publish(`${topicArn}-gone`, '{}');
      await expect(gone).rejects.toMatchObject({ name: 'ServiceError', refusal: 'notFound' });
    },
  },
  {
    name: 'a refusal is a ServiceError, and nothing is sent',
    async run({ port, topicArn, received, throttle }) {
      await throttle();
      await expect(port.publish(topicArn, '{}')).rejects.toMatchObject({ name: 'ServiceError', refusal: 'throttled' });
      expect(await received()).toEqual([]);
    },
  },
]);
