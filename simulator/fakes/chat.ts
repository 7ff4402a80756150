import type { ChatPort } from '../../core/channels';
import { ServiceError } from '../../core/errors';

/** Topics in memory, and what was published to each. */
export class FakeChat implements ChatPort {
  readonly published = new Map<string, string[]>();
  /** What every request gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;

  constructor(...topicArns: readonly string[]) {
    for (const topicArn of topicArns) this.published.set(topicArn, []);
  }

  async publish(topicArn: string, message: string): Promise<void> {
    if (this.failure) throw this.failure;
    const messages = this.published.get(topicArn);
    if (messages === undefined) throw new ServiceError('notFound', 'NotFoundException', 'Topic does not exist', 404);
    messages.push(message);
  }
}
