import { ServiceError } from '../../core/errors';
import type { CallUsage } from '../../core/health';
import type { OpenSessionPort, SessionCaller, StreamEnd } from '../../core/verify';

export interface SessionWorld {
  /** Throws what a call of the role meets now. */
  readonly call: (roleArn: string, callAs: string) => CallUsage;
  /** What becomes of a stream that has begun. */
  readonly stream: (roleArn: string, callAs: string, maxTokens: number) => Promise<StreamEnd>;
}

/** Sessions of roles that the world knows. Each call is judged when it is made: a session that is open learns of a deny. */
export class FakeOpenSession implements OpenSessionPort {
  /** In place of every answer. */
  failure: ServiceError | undefined;

  constructor(
    private readonly isRole: (arn: string) => boolean,
    private readonly world: SessionWorld,
  ) {}

  async open(roleArn: string): Promise<SessionCaller> {
    if (this.failure) throw this.failure;
    if (!this.isRole(roleArn)) {
      throw new ServiceError(
        'accessDenied',
        'AccessDenied',
        `not authorized to perform: sts:AssumeRole on ${roleArn}`,
        403,
      );
    }
    const { world } = this;
    return {
      callOnce: async (callAs) => world.call(roleArn, callAs),
      async stream(callAs, maxTokens) {
        world.call(roleArn, callAs);
        return { ended: world.stream(roleArn, callAs, maxTokens) };
      },
    };
  }
}
