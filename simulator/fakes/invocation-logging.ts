import type { InvocationLogging, InvocationLoggingPort } from '../../core/spenders';

export class FakeInvocationLogging implements InvocationLoggingPort {
  /** Undefined: it is off. */
  set: InvocationLogging | undefined;
  failure: unknown;

  async configuration(): Promise<InvocationLogging | undefined> {
    if (this.failure !== undefined) throw this.failure;
    return this.set;
  }
}
